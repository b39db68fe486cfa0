package io.tiphys.bench.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the API server and its nodes can do by themselves: pods created by hand with the controller's client, each seen to
 * end by one watch. Nobody decides anything, nothing else is written.
 */
final class Ceiling {
    private static final int AT_ONCE = 64;
    private static final String NAME = "\"name\":\"";

    private Ceiling() {}

    /** Pods per second from the first creation to the last end; 0 if they have not all ended in time. */
    static double measure(KubernetesClient client, String namespace, int pods, long limitSeconds)
            throws InterruptedException {
        String run = "ceiling-" + Long.toString(System.nanoTime(), 36);
        CountDownLatch ended = new CountDownLatch(pods);
        Set<String> over = ConcurrentHashMap.newKeySet();
        AtomicInteger next = new AtomicInteger();
        String path = "/api/v1/namespaces/" + namespace + "/pods";
        double seconds;
        try (RawWatch _ = RawWatch.open(client, path + "?labelSelector=bench%3D" + run, line -> {
            if (line.contains("\"phase\":\"Succeeded\"") && over.add(name(line))) {
                ended.countDown();
            }
        })) {
            long start = System.nanoTime();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < AT_ONCE; i++) {
                    threads.execute(() -> {
                        for (int pod = next.getAndIncrement(); pod < pods; pod = next.getAndIncrement()) {
                            client.raw(path, "POST", pod(run, pod));
                        }
                    });
                }
            }
            boolean all = ended.await(limitSeconds, TimeUnit.SECONDS);
            seconds = all ? (System.nanoTime() - start) / 1e9 : Double.POSITIVE_INFINITY;
        }
        Cleaning.pods(client, namespace, "bench%3D" + run, limitSeconds);
        return pods / seconds;
    }

    private static String name(String line) {
        int start = line.indexOf(NAME) + NAME.length();
        return line.substring(start, line.indexOf('"', start));
    }

    /** As large as a lean pod of the controller. */
    private static String pod(String run, int number) {
        return """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%1$s-item-%2$d","labels":{"bench":"%1$s",\
                "workflows.argoproj.io/completed":"false"},"annotations":{"example/node-id":"%1$s-%2$d",\
                "example/node-name":"%1$s[0].item(%2$d:%2$d)","example/uid":"00000000-0000-0000-0000-000000000000"}},\
                "spec":{"restartPolicy":"Never","containers":[{"name":"main","image":"alpine:3.20","command":["true"],\
                "args":["%2$d"],"resources":{}}]}}""".formatted(run, number);
    }
}
