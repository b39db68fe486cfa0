package io.tiphys.bench.artifacts;

import java.nio.file.Files;

/** A large object into a pod, from the start of its executor until main may start. */
record DownloadRow(Place place, long sizeBytes, int rounds) implements Row {
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
        new PlainTransfer(place).upload(file, sizeBytes, "bench/download");
        var figure = Rounds.compare(
                "download of " + Content.size(sizeBytes) + " into a pod : plain parallel GET",
                ">= 0.9",
                sizeBytes,
                rounds,
                _ -> {
                    var to = place.folder.resolve("plain");
                    long start = System.nanoTime();
                    new PlainTransfer(place).download("bench/download", sizeBytes, to);
                    double seconds = Rounds.seconds(start);
                    Files.delete(to);
                    return seconds;
                },
                _ -> {
                    var to = place.folder.resolve("staged/data");
                    try (var pod = Pod.staging(place, to, place.endpoint, "bench/download")) {
                        long start = System.nanoTime();
                        pod.await(pod.startExecutor("stage"));
                        double seconds = Rounds.seconds(start);
                        Content.expectSize(to, sizeBytes);
                        Files.delete(to);
                        return seconds;
                    }
                });
        place.oss.deleteObject(place.bucket, "bench/download");
        return figure;
    }
}
