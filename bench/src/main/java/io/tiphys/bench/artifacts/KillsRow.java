package io.tiphys.bench.artifacts;

import io.tiphys.transfer.Archive;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * What has to be sent again when the executor, or the uploader, is killed at random points of one upload. Parts are 16 MiB; of as many as are
 * on their way at the same time, none is whole.
 */
record KillsRow(Place place, String victim, long sizeBytes, int kills, long seed) implements Row {
    private static final double PART_BYTES = 16 << 20;

    @Override
    public String name() {
        return "kill-" + victim;
    }

    @Override
    public long diskBytes() {
        return 3 * sizeBytes;
    }

    @Override
    public Figure measure() throws Exception {
        var file = Content.random(place.folder.resolve("random"), sizeBytes);
        var random = new SplittableRandom(seed);
        try (var proxy = new CountingProxy(place.endpoint);
                var pod = Pod.saving(place, file, Archive.NONE, proxy.endpoint(), "bench/kills")) {
            var executor = pod.startExecutor("sidecar");
            pod.awaitStaged();
            var main = pod.startMain();
            long before = 0;
            for (int n = 0; n < kills; n++) {
                // within the n-th piece of what is left by then, whatever was sent again before
                long piece = (sizeBytes - Math.min(before, sizeBytes)) / (kills - n + 1);
                long point = before + random.nextLong(piece / 4, piece);
                while (proxy.sentBytes() < point && main.isAlive()) {
                    Thread.sleep(5);
                }
                before = proxy.sentBytes();
                if (victim.equals("executor")) {
                    executor.destroyForcibly().waitFor();
                    executor = pod.startExecutor("sidecar");
                } else {
                    killUploader();
                }
            }
            if (!main.isAlive()) {
                throw new IllegalStateException("the upload was over before the last kill; give --kill-size more");
            }
            pod.await(main);
            double again = proxy.sentBytes() - sizeBytes;
            place.oss.deleteObject(place.bucket, "bench/kills");
            return new Figure(
                    "sent again per kill -9 of the " + victim + ", " + kills + " in " + Content.size(sizeBytes),
                    String.format(Locale.ROOT, "%.1f parts", again / kills / PART_BYTES),
                    "<= 2 x parallelism (4 to 16)",
                    String.format(Locale.ROOT, "%.0f MiB in all, requests' headers included", again / (1 << 20)));
        }
    }

    private void killUploader() throws Exception {
        long pid = place.pid("uploader");
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        while (place.pid("uploader") == pid) {
            Thread.sleep(50); // until the instance has seen it and started another
        }
    }
}
