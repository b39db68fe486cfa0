package io.tiphys.local.node.log;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One container's log: lines of {@code <time> <stdout|stderr> <F|P> <text>}, P for a piece of a line that goes on. */
public final class LogFile {
    private static final int BLOCK = 64 * 1024;

    private LogFile() {}

    /** The last lines' texts, limited in number and bytes; empty if there is no log. */
    public static String tail(Path file, int maxLines, int maxBytes) throws IOException {
        if (!Files.exists(file)) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(startOfLast(in, maxLines));
            byte[] rest = new byte[(int) Math.min(in.length() - in.getFilePointer(), 1 << 20)];
            in.readFully(rest);
            for (String line : new String(rest, StandardCharsets.UTF_8).split("\n", -1)) {
                LogLine parsed = LogLine.parse(line);
                if (parsed != null) {
                    text.append(parsed.text()).append(parsed.complete() ? "\n" : "");
                }
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        int from = Math.max(0, bytes.length - maxBytes);
        return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
    }

    /** Where the last so many lines begin. */
    static long startOfLast(RandomAccessFile in, long lines) throws IOException {
        long end = in.length();
        if (lines <= 0) {
            return end;
        }
        long left = lines;
        byte[] block = new byte[BLOCK];
        long position = end;
        while (position > 0) {
            int size = (int) Math.min(BLOCK, position);
            position -= size;
            in.seek(position);
            in.readFully(block, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                boolean atVeryEnd = position + i == end - 1;
                if (block[i] == '\n' && !atVeryEnd && --left == 0) {
                    return position + i + 1;
                }
            }
        }
        return 0;
    }
}
