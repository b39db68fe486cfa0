package io.tiphys.local.node.log;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Sends a log file as a query wants it; when following, until nobody writes to it any more. */
final class LogStream {
    private static final int BLOCK = 64 * 1024;
    private static final long POLL_MILLIS = 50;

    private final Path file;
    private final LogQuery query;
    private final BooleanSupplier isOpen;
    private final OutputStream out;
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private long sent;
    private boolean atLineStart = true;

    LogStream(Path file, LogQuery query, BooleanSupplier isOpen, OutputStream out) {
        this.file = file;
        this.query = query;
        this.isOpen = isOpen;
        this.out = out;
    }

    void send() throws IOException, InterruptedException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(query.tailLines() < 0 ? 0 : LogFile.startOfLast(in, query.tailLines()));
            byte[] block = new byte[BLOCK];
            boolean open = true;
            while (sent < query.limitBytes()) {
                int count = in.read(block);
                if (count > 0) {
                    lines(block, count);
                } else if (open && query.follow()) {
                    out.flush();
                    open = isOpen.getAsBoolean();
                    if (open) {
                        Thread.sleep(POLL_MILLIS);
                    }
                } else {
                    break;
                }
            }
            out.flush();
        }
    }

    private void lines(byte[] block, int count) throws IOException {
        int start = 0;
        for (int i = 0; i < count && sent < query.limitBytes(); i++) {
            if (block[i] == '\n') {
                partial.write(block, start, i - start);
                start = i + 1;
                line(partial.toString(StandardCharsets.UTF_8));
                partial.reset();
            }
        }
        partial.write(block, start, count - start);
    }

    private void line(String raw) throws IOException {
        LogLine line = LogLine.parse(raw);
        if (line == null || (query.since() != null && line.isBefore(query.since()))) {
            return;
        }
        String text = (query.timestamps() && atLineStart ? line.time() + " " : "")
                + line.text()
                + (line.complete() ? "\n" : "");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = (int) Math.min(bytes.length, query.limitBytes() - sent);
        out.write(bytes, 0, length);
        sent += length;
        atLineStart = line.complete();
    }
}
