package io.tiphys.bench.artifacts;

import io.tiphys.transfer.Archive;
import java.nio.file.Files;

/** The executor's memory while it sends a very large file; holes cost neither our disk nor the local store's. */
record MemoryRow(Place place, long sizeBytes) implements Row {
    @Override
    public String name() {
        return "memory";
    }

    @Override
    public long diskBytes() {
        return 64L << 20;
    }

    @Override
    public Figure measure() throws Exception {
        var file = Content.hole(place.folder.resolve("hole"), sizeBytes);
        try (var pod = Pod.saving(place, file, Archive.NONE, place.endpoint, "bench/hole")) {
            var executor = pod.startExecutor("sidecar");
            pod.awaitStaged();
            Thread.sleep(1000); // it waits for main now
            long idle = Pod.memoryBytes(executor, "VmRSS");
            long start = System.nanoTime();
            pod.await(pod.startMain());
            double seconds = Rounds.seconds(start);
            long peak = Pod.memoryBytes(executor, "VmHWM");
            place.oss.deleteObject(place.bucket, "bench/hole");
            return new Figure(
                    "executor's memory over its idle base at " + Content.size(sizeBytes),
                    ((peak - idle) >> 20) + " MiB",
                    "<= 64 MiB",
                    "resident: " + (idle >> 20) + " MiB idle, " + (peak >> 20) + " MiB at most, in "
                            + Math.round(seconds) + " s");
        } finally {
            Files.delete(file);
        }
    }
}
