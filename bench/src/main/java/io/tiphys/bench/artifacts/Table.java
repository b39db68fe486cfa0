package io.tiphys.bench.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measures row by row and prints each as it is there. */
public final class Table {
    private static final long SPARE_BYTES = 1L << 30;
    private static final int SLOW_READERS = 200;

    private final Path home;
    private final JsonNode instance;

    /** A table about the instance in {@code home}, as its {@code instance.json} describes it. */
    public Table(Path home, JsonNode instance) {
        this.home = home;
        this.instance = instance;
    }

    /** How much to measure with. */
    public record Sizes(
            long sizeBytes,
            int rounds,
            int files,
            long memoryBytes,
            long killBytes,
            int kills,
            long seed,
            int gcObjects) {}

    private static List<Row> rows(Place place, Sizes sizes) {
        return List.of(
                new UploadRow(place, sizes.sizeBytes(), sizes.rounds()),
                new DownloadRow(place, sizes.sizeBytes(), sizes.rounds()),
                new SmallFilesRow(place, sizes.files(), 10 * 1024, sizes.rounds()),
                new PeopleRow(place, sizes.sizeBytes(), sizes.rounds()),
                new SlowReadersRow(place, SLOW_READERS),
                new GcRow(place, sizes.gcObjects()),
                new MemoryRow(place, sizes.memoryBytes()),
                new KillsRow(place, "executor", sizes.killBytes(), sizes.kills(), sizes.seed()),
                new KillsRow(place, "uploader", sizes.killBytes(), sizes.kills(), sizes.seed()));
    }

    /**
     * Measures.
     *
     * @param only names of rows with commas between; empty: all
     */
    public void print(Sizes sizes, String only) throws IOException {
        System.out.printf("artifacts: %d processors%n", Runtime.getRuntime().availableProcessors());
        try (var place = new Place(home, instance)) {
            for (var row : rows(place, sizes)) {
                if (only.isEmpty() || List.of(only.split(",", -1)).contains(row.name())) {
                    System.out.println(line(place, row));
                }
            }
        }
    }

    private static String line(Place place, Row row) throws IOException {
        long needed = row.diskBytes() + SPARE_BYTES;
        if (place.freeBytes() < needed) {
            return row.name() + ": not measured; it needs " + Content.size(needed) + " of disk, there are "
                    + Content.size(place.freeBytes());
        }
        try {
            var figure = row.measure();
            return figure.what() + ": " + figure.value() + " (aim " + figure.aim() + "); " + figure.how();
        } catch (Exception e) { // one row that fails leaves the others
            return row.name() + ": failed: " + reason(e);
        }
    }

    private static @Nullable String reason(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
