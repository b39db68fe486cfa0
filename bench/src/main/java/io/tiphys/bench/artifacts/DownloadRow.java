package io.tiphys.bench.artifacts;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Locale;

/** A large object into a pod, from the start of its executor until main may start; and a byte, which says how much of that is the start. */
record DownloadRow(Place place, long sizeBytes, int rounds) implements Row {
    private static final String LARGE = "bench/download";
    private static final String BYTE = "bench/byte";

    @Override
    public String name() {
        return "download";
    }

    @Override
    public long diskBytes() {
        return 3 * sizeBytes;
    }

    @Override
    public Figure measure() throws Exception {
        var file = Content.random(place.folder.resolve("random"), sizeBytes);
        new PlainTransfer(place).upload(file, sizeBytes, LARGE);
        new PlainTransfer(place).upload(file, 1, BYTE);
        try {
            var figure = Rounds.compare(
                    "download of " + Content.size(sizeBytes) + " into a pod : plain parallel GET",
                    ">= 0.9",
                    sizeBytes,
                    rounds,
                    _ -> plain(),
                    _ -> stage(LARGE, sizeBytes));
            var starts = new ArrayList<Double>();
            for (int n = 0; n < rounds; n++) {
                starts.add(stage(BYTE, 1));
            }
            return new Figure(
                    figure.what(),
                    figure.value(),
                    figure.aim(),
                    figure.how() + String.format(Locale.ROOT, "; %.1f s for one byte", PlainTransfer.median(starts)));
        } finally {
            place.oss.deleteObject(place.bucket, LARGE);
            place.oss.deleteObject(place.bucket, BYTE);
        }
    }

    private double plain() throws Exception {
        var to = place.folder.resolve("plain");
        long start = System.nanoTime();
        new PlainTransfer(place).download(LARGE, sizeBytes, to);
        double seconds = Rounds.seconds(start);
        Files.delete(to);
        return seconds;
    }

    private double stage(String key, long size) throws Exception {
        var to = place.folder.resolve("staged/data");
        try (var pod = Pod.staging(place, to, place.endpoint, key)) {
            long start = System.nanoTime();
            pod.await(pod.startExecutor("stage"));
            double seconds = Rounds.seconds(start);
            Content.expectSize(to, size);
            Files.delete(to);
            return seconds;
        }
    }
}
