package io.tiphys.local.objectstore.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The files with the content. Blocks of zeros become holes, so a sparse object takes no space. */
final class BlobFolder {
    private static final int BLOCK = 256 * 1024;

    private final Path folder;

    BlobFolder(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        for (int i = 0; i < 256; i++) {
            Files.createDirectories(folder.resolve(String.format("%02x", i)));
        }
    }

    Path file(String id) {
        return folder.resolve(id.substring(0, 2)).resolve(id);
    }

    /** Writes a stream to a new blob, in constant memory. If it fails midway nothing is left. */
    Content receive(InputStream stream) throws IOException {
        String id = UUID.randomUUID().toString().replace("-", "");
        Path file = file(id);
        MessageDigest md5 = md5();
        Crc64 crc = new Crc64();
        long size = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] block = new byte[BLOCK];
            byte[] zeros = new byte[BLOCK];
            boolean hole = false;
            int count = fill(stream, block);
            for (; count > 0; count = count < BLOCK ? 0 : fill(stream, block)) {
                md5.update(block, 0, count);
                crc.update(block, 0, count);
                hole = Arrays.equals(block, 0, count, zeros, 0, count);
                if (!hole) {
                    write(channel, ByteBuffer.wrap(block, 0, count), size);
                }
                size += count;
            }
            if (hole) {
                write(channel, ByteBuffer.allocate(1), size - 1);
            }
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return new Content(List.of(new Blob(id, size)), size, Storage.hex(md5.digest()), crc.value());
    }

    private static int fill(InputStream stream, byte[] block) throws IOException {
        return stream.readNBytes(block, 0, block.length);
    }

    private static void write(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    void delete(List<String> ids) {
        for (String id : ids) {
            try {
                Files.deleteIfExists(file(id));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Deletes what a crash left: content that no entry refers to. */
    void retainOnly(Set<String> ids) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !ids.contains(file.getFileName().toString()))
                    .map(file -> List.of(file.getFileName().toString()))
                    .forEach(this::delete);
        }
    }

    static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
