package io.tiphys.bench.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Workflows of one kind, submitted through the Kubernetes API and waited for. */
final class Submission {
    private static final int AT_ONCE = 32;
    private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]+)\"");
    private static final String COMPLETED = "workflows.argoproj.io%2Fcompleted%3Dtrue";

    private Submission() {}

    static String path(String namespace) {
        return "/apis/argoproj.io/v1alpha1/namespaces/" + namespace + "/workflows";
    }

    /**
     * Submits and waits until the label on each says that it is over.
     *
     * @param run value of the label {@code bench}
     * @param spec of the workflow with this number, as JSON
     * @return seconds from the first submission to the last end; infinite if that took longer than the limit
     */
    static double run(
            KubernetesClient client, String namespace, String run, int workflows, IntFunction<String> spec, long limit)
            throws InterruptedException {
        CountDownLatch left = new CountDownLatch(workflows);
        Set<String> over = ConcurrentHashMap.newKeySet();
        AtomicInteger failed = new AtomicInteger();
        String selected = path(namespace) + "?labelSelector=bench%3D" + run + "%2C" + COMPLETED;
        try (RawWatch _ = RawWatch.open(client, selected, line -> {
            Matcher name = NAME.matcher(line);
            if (name.find() && over.add(name.group(1))) {
                if (!line.contains("\"workflows.argoproj.io/phase\":\"Succeeded\"")) {
                    failed.incrementAndGet();
                }
                left.countDown();
            }
        })) {
            AtomicInteger next = new AtomicInteger();
            long start = System.nanoTime();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < Math.min(AT_ONCE, workflows); i++) {
                    threads.execute(() -> {
                        for (int at = next.getAndIncrement(); at < workflows; at = next.getAndIncrement()) {
                            client.raw(path(namespace), "POST", manifest(run, at, spec.apply(at)));
                        }
                    });
                }
            }
            boolean all = left.await(limit, TimeUnit.SECONDS);
            if (failed.get() > 0) {
                throw new IllegalStateException(failed.get() + " of " + workflows + " workflows did not succeed");
            }
            return all ? (System.nanoTime() - start) / 1e9 : Double.POSITIVE_INFINITY;
        }
    }

    private static String manifest(String run, int number, String spec) {
        return """
                {"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","metadata":{"name":"%1$s-%2$d",\
                "labels":{"bench":"%1$s"}},"spec":%3$s}""".formatted(run, number, spec);
    }
}
