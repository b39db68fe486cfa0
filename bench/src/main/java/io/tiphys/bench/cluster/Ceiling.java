package io.tiphys.bench.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.cluster.RawRequests;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * What the API server and its nodes can do by themselves: pods like the controller's created by hand, with its requests, each
 * seen to end by one watch. Nobody decides anything, nothing else is written.
 */
final class Ceiling {
    private static final int AT_ONCE = 64;
    private static final String NAME = "\"name\":\"";
    private static final String COMPLETED = """
            {"metadata":{"labels":{"workflows.argoproj.io/completed":"true"}}}""";

    private Ceiling() {}

    /** Pods per second from the first creation to the last end; 0 if they have not all ended in time. */
    static double measure(KubernetesClient client, String namespace, SamplePod pod, int pods, long limitSeconds)
            throws InterruptedException {
        RawRequests requests = new RawRequests(client);
        String run = run();
        double rate = rate(
                client,
                namespace,
                run,
                pods,
                limitSeconds,
                number -> create(requests, RawRequests.podsPath(namespace), pod.named(run, number)));
        Cleaning.pods(client, namespace, selector(run), limitSeconds);
        return rate;
    }

    /**
     * One-pod workflows per second: of each the Workflow and its pod are created, the Workflow gets the status that it ends with, the pod
     * its label, one after the other. The Workflows carry the label of an instance that nobody is.
     */
    static double workflows(KubernetesClient client, String namespace, SamplePod pod, int workflows, long limitSeconds)
            throws InterruptedException {
        RawRequests requests = new RawRequests(client);
        String run = run();
        double rate = rate(client, namespace, run, workflows, limitSeconds, number -> {
            String name = run + "-item-" + number;
            client.raw(Submission.path(namespace), "POST", workflow(run, name));
            create(requests, RawRequests.podsPath(namespace), pod.named(run, number));
            requests.patch(RawRequests.workflowPath(namespace, name), RawRequests.MERGE_PATCH, ended(name));
            requests.patch(RawRequests.podPath(namespace, name), RawRequests.MERGE_PATCH, COMPLETED);
        });
        Cleaning.pods(client, namespace, selector(run), limitSeconds);
        Cleaning.workflows(client, namespace, run, limitSeconds);
        return rate;
    }

    private static double rate(
            KubernetesClient client, String namespace, String run, int pods, long limitSeconds, IntConsumer creation)
            throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(pods);
        Set<String> over = ConcurrentHashMap.newKeySet();
        AtomicInteger next = new AtomicInteger();
        try (RawWatch _ =
                RawWatch.open(client, RawRequests.podsPath(namespace) + "?labelSelector=" + selector(run), line -> {
                    if (line.contains("\"phase\":\"Succeeded\"") && over.add(name(line))) {
                        ended.countDown();
                    }
                })) {
            long start = System.nanoTime();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < AT_ONCE; i++) {
                    threads.execute(() -> {
                        for (int pod = next.getAndIncrement(); pod < pods; pod = next.getAndIncrement()) {
                            creation.accept(pod);
                        }
                    });
                }
            }
            boolean all = ended.await(limitSeconds, TimeUnit.SECONDS);
            return all ? pods / ((System.nanoTime() - start) / 1e9) : 0;
        }
    }

    private static void create(RawRequests requests, String path, String object) {
        requests.create(path, object.getBytes(StandardCharsets.UTF_8));
    }

    private static String run() {
        return "ceiling-" + Long.toString(System.nanoTime(), 36);
    }

    private static String selector(String run) {
        return "bench%3D" + run;
    }

    private static String name(String line) {
        int start = line.indexOf(NAME) + NAME.length();
        return line.substring(start, line.indexOf('"', start));
    }

    private static String workflow(String run, String name) {
        return """
                {"apiVersion":"argoproj.io/v1alpha1","kind":"Workflow","metadata":{"name":"%s",\
                "labels":{"bench":"%s","workflows.argoproj.io/controller-instanceid":"none"}},"spec":%s}""".formatted(name, run, Specs.onePod());
    }

    /** As large as what the controller writes of a workflow of one pod. */
    private static String ended(String name) {
        return """
                {"metadata":{"labels":{"workflows.argoproj.io/completed":"true","workflows.argoproj.io/phase":"Succeeded",\
                "workflows.argoproj.io/workflow-archiving-status":"Pending"}},"status":{"phase":"Succeeded",\
                "startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:01Z","progress":"1/1","nodes":{"%1$s":{\
                "id":"%1$s","name":"%1$s","displayName":"%1$s","type":"Pod","phase":"Succeeded","templateName":"p",\
                "templateScope":"local/%1$s","startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:01Z",\
                "progress":"1/1","resourcesDuration":{"cpu":0,"memory":0},"outputs":{"exitCode":"0"},"hostNodeName":"node-0"}},\
                "conditions":[{"type":"PodRunning","status":"False"},{"type":"Completed","status":"True"}],\
                "artifactRepositoryRef":{"artifactRepository":{},"default":true},"resourcesDuration":{"cpu":0,"memory":0}}}""".formatted(name);
    }
}
