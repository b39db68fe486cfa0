package io.tiphys.bench.artifacts;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/** Files to send. */
final class Content {
    private Content() {}

    /** A file of bytes that don't shrink; one that is there already is taken. */
    static Path random(Path file, long sizeBytes) throws IOException {
        if (Files.exists(file) && Files.size(file) == sizeBytes) {
            return file;
        }
        var random = new SplittableRandom(sizeBytes);
        var block = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (long left = sizeBytes; left > 0; left -= block.length) {
                random.nextBytes(block);
                out.write(block, 0, (int) Math.min(block.length, left));
            }
        }
        return file;
    }

    /** A file that is one hole. */
    static Path hole(Path file, long sizeBytes) throws IOException {
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(sizeBytes);
        }
        return file;
    }

    /** Files of words, 100 in a directory, which shrink to less than half. */
    static Path words(Path directory, int files, int sizeBytes) throws IOException {
        var random = new SplittableRandom(files);
        for (int n = 0; n < files; n++) {
            var file = Files.createDirectories(directory.resolve("d" + n / 100)).resolve("f" + n);
            try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
                for (int written = 0; written < sizeBytes; ) {
                    var word = Integer.toString(random.nextInt(100_000), 36) + " ";
                    int length = Math.min(word.length(), sizeBytes - written);
                    out.write(word.getBytes(StandardCharsets.US_ASCII), 0, length);
                    written += length;
                }
            }
        }
        return directory;
    }

    static void expectSize(Path file, long sizeBytes) throws IOException {
        if (Files.size(file) != sizeBytes) {
            throw new IllegalStateException(file + " has " + Files.size(file) + " bytes, not " + sizeBytes);
        }
    }

    static String size(long bytes) {
        return bytes >= 1L << 30 && bytes % (1L << 30) == 0
                ? (bytes >> 30) + " GiB"
                : String.format(Locale.ROOT, "%.0f MiB", bytes / 1048576.0);
    }
}
