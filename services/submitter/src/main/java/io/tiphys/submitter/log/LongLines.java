package io.tiphys.submitter.log;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines; one that is longer than 1 MiB comes in pieces, so that a log without line ends can't fill the memory. */
final class LongLines implements AutoCloseable {
    private static final int MAX = 1024 * 1024;

    private final InputStream in;

    LongLines(InputStream in) {
        this.in = new BufferedInputStream(in, 16 * 1024);
    }

    /** The next line without its end; null at the end. */
    @Nullable
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int b = in.read();
        if (b < 0) {
            return null;
        }
        while (b >= 0 && b != '\n') {
            line.write(b);
            if (line.size() == MAX) {
                break;
            }
            b = in.read();
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
