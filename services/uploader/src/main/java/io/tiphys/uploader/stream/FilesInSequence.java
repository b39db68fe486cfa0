package io.tiphys.uploader.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files as one stream; each is opened when its turn comes. */
final class FilesInSequence extends InputStream {
    private final List<Path> files;
    private int next;
    private InputStream current = InputStream.nullInputStream();

    FilesInSequence(List<Path> files) {
        this.files = List.copyOf(files);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (true) {
            int n = current.read(bytes, offset, length);
            if (n >= 0 || next == files.size()) {
                return n;
            }
            current.close();
            current = Files.newInputStream(files.get(next++));
        }
    }

    @Override
    public void close() throws IOException {
        current.close();
    }
}
