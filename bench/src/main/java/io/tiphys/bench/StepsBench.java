package io.tiphys.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * From one step to the next: how long after a pod's end is seen in the API does the next pod of the chain appear there?
 * Seen by one watch, so both times come from the same clock and the same delay.
 *
 * <p>{@code ./tiphys bench steps [--workflows N] [--length N] [--kubeconfig FILE]}; prints p50, p90 and p99 in milliseconds, for one chain alone and
 * for N chains at once (20, if not given).
 */
public final class StepsBench {
    private static final ResourceDefinitionContext WORKFLOWS = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("Workflow")
            .withPlural("workflows")
            .withNamespaced(true)
            .build();
    private static final String NAMESPACE = "default";
    private static final String WORKFLOW_LABEL = "workflows.argoproj.io/workflow";
    private static final long LIMIT_MINUTES = 10;

    private final KubernetesClient client;
    private final int length;

    private StepsBench(KubernetesClient client, int length) {
        this.client = client;
        this.length = length;
    }

    static void main(String... arguments) throws IOException, InterruptedException {
        int workflows = option("--workflows", 20, arguments);
        int length = option("--length", 5, arguments);
        try (KubernetesClient client = LocalInstance.find(arguments).client()) {
            StepsBench bench = new StepsBench(client, length);
            bench.run("warm-up", 1);
            bench.run("alone", 1);
            bench.run(workflows + " at once", workflows);
        }
    }

    private void run(String label, int workflows) throws InterruptedException {
        Map<String, List<Times>> chains = new ConcurrentHashMap<>();
        Map<String, Times> pods = new ConcurrentHashMap<>();
        CountDownLatch ended = new CountDownLatch(workflows * length);
        String run = "bench-steps-" + Long.toString(System.nanoTime(), 36);
        try (SharedIndexInformer<Pod> _ = client.pods()
                .inNamespace(NAMESPACE)
                .withLabel(WORKFLOW_LABEL)
                .inform(new PodTimes(run, chains, pods, ended))) {
            long start = System.nanoTime();
            for (int i = 0; i < workflows; i++) {
                client.genericKubernetesResources(WORKFLOWS)
                        .inNamespace(NAMESPACE)
                        .resource(chain(run + "-" + i))
                        .create();
            }
            if (!ended.await(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                throw new IllegalStateException("%d of %d pods have not ended after %d minutes"
                        .formatted(ended.getCount(), workflows * length, LIMIT_MINUTES));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            print(label, workflows, gaps(chains), seconds);
        }
        client.genericKubernetesResources(WORKFLOWS)
                .inNamespace(NAMESPACE)
                .withLabel("bench", run)
                .delete();
    }

    private void print(String label, int workflows, double[] gaps, double seconds) {
        Percentiles percentiles = Percentiles.of(gaps);
        System.out.printf(
                "steps: %-12s %4d pods in %6.2f s; end seen to next pod: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms%n",
                label, workflows * length, seconds, percentiles.at(0.5), percentiles.at(0.9), percentiles.at(0.99));
    }

    private static double[] gaps(Map<String, List<Times>> chains) {
        return chains.values().stream()
                .flatMap(StepsBench::gaps)
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static Stream<Double> gaps(List<Times> chain) {
        List<Times> inOrder = chain.stream()
                .sorted(Comparator.comparingLong((Times times) -> times.created))
                .toList();
        List<Double> gaps = new ArrayList<>();
        for (int i = 1; i < inOrder.size(); i++) {
            gaps.add((inOrder.get(i).created - inOrder.get(i - 1).ended) / 1e6);
        }
        return gaps.stream();
    }

    private GenericKubernetesResource chain(String name) {
        List<Object> steps = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            steps.add(List.of(Map.of("name", "s" + i, "template", "step")));
        }
        GenericKubernetesResource workflow = new GenericKubernetesResource();
        workflow.setApiVersion("argoproj.io/v1alpha1");
        workflow.setKind("Workflow");
        workflow.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(NAMESPACE)
                .addToLabels("bench", name.substring(0, name.lastIndexOf('-')))
                .build());
        workflow.setAdditionalProperty(
                "spec",
                Map.of(
                        "entrypoint",
                        "main",
                        "templates",
                        List.of(
                                Map.of("name", "main", "steps", steps),
                                Map.of(
                                        "name",
                                        "step",
                                        "container",
                                        Map.of("image", "alpine:3.20", "command", List.of("true"))))));
        return workflow;
    }

    private static int option(String name, int otherwise, String... arguments) {
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals(name)) {
                return Integer.parseInt(arguments[i + 1]);
            }
        }
        return otherwise;
    }

    /** When a pod was first seen, and first seen as ended; nanoseconds of this process. */
    private static final class Times {
        final long created;
        volatile long ended;

        Times(long created) {
            this.created = created;
        }
    }

    private record PodTimes(String run, Map<String, List<Times>> chains, Map<String, Times> pods, CountDownLatch left)
            implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            long now = System.nanoTime();
            String workflow = pod.getMetadata().getLabels().getOrDefault(WORKFLOW_LABEL, "");
            if (workflow.startsWith(run)) {
                Times times = new Times(now);
                pods.put(pod.getMetadata().getName(), times);
                chains.computeIfAbsent(workflow, _ -> new CopyOnWriteArrayList<>())
                        .add(times);
            }
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            long now = System.nanoTime();
            Times times = pods.get(pod.getMetadata().getName());
            String phase = pod.getStatus().getPhase();
            if (times != null && times.ended == 0 && ("Succeeded".equals(phase) || "Failed".equals(phase))) {
                times.ended = now;
                left.countDown();
            }
        }

        @Override
        public void onDelete(Pod pod, boolean finalStateUnknown) {
            // what matters was seen before
        }
    }
}
