package io.tiphys.bench.artifacts;

import io.tiphys.transfer.Archive;

/** A large file of random bytes, from the end of main to the moment when main may go. */
record UploadRow(Place place, long sizeBytes, int rounds) implements Row {
    @Override
    public String name() {
        return "upload";
    }

    @Override
    public long diskBytes() {
        return 2 * sizeBytes;
    }

    @Override
    public Figure measure() throws Exception {
        var file = Content.random(place.folder.resolve("random"), sizeBytes);
        return Rounds.compare(
                "upload of " + Content.size(sizeBytes) + " through the executor : plain parallel PUT",
                ">= 0.9",
                sizeBytes,
                rounds,
                _ -> {
                    long start = System.nanoTime();
                    new PlainTransfer(place).upload(file, sizeBytes, "bench/plain");
                    double seconds = Rounds.seconds(start);
                    place.oss.deleteObject(place.bucket, "bench/plain");
                    return seconds;
                },
                _ -> {
                    try (var pod = Pod.saving(place, file, Archive.NONE, place.endpoint, "bench/ours")) {
                        pod.startExecutor("sidecar");
                        pod.awaitStaged();
                        long start = System.nanoTime();
                        pod.await(pod.startMain());
                        double seconds = Rounds.seconds(start);
                        place.oss.deleteObject(place.bucket, "bench/ours");
                        return seconds;
                    }
                });
    }
}
