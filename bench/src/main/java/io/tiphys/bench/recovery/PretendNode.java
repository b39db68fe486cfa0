package io.tiphys.bench.recovery;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A node whose pods do nothing and end when they are told to: those whose {@code spec.nodeName} is {@link #NAME}. They cost two
 * writes to the API server each and no process.
 */
final class PretendNode implements AutoCloseable {
    static final String NAME = "pretend";

    /** What a template needs so that its pods come here. */
    static final String POD_SPEC_PATCH = "{\"nodeName\":\"" + NAME + "\"}";

    private static final int ATTEMPTS = 5;
    private static final PatchContext MERGE =
            new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build();

    private final KubernetesClient client;
    private final Duration lasts;
    private final Predicate<Pod> fails;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Map<String, Pod> held = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Pod> informer;
    private volatile boolean holding;

    /**
     * Begins to take pods.
     *
     * @param lasts from a pod's start to its end
     * @param fails which pods end with exit code 1
     */
    PretendNode(KubernetesClient client, Duration lasts, boolean holding, Predicate<Pod> fails) {
        this.client = client;
        this.lasts = lasts;
        this.holding = holding;
        this.fails = fails;
        this.informer = client.pods().inNamespace(OwnInstance.NAMESPACE).inform(new Handler());
    }

    /** Pods that run until they are released. */
    int held() {
        return held.size();
    }

    /** Pods end from now on, those that were held at once. */
    void release() {
        holding = false;
        List.copyOf(held.values()).forEach(pod -> threads.execute(() -> end(pod)));
    }

    @Override
    public void close() {
        informer.stop();
        threads.shutdownNow();
    }

    private void seen(Pod pod) {
        if (!NAME.equals(pod.getSpec().getNodeName())) {
            return;
        }
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            held.remove(pod.getMetadata().getUid());
            threads.execute(() -> attempt(() -> client.pods()
                    .resource(pod)
                    .withGracePeriod(0)
                    .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                    .delete()));
        } else if (begun.add(pod.getMetadata().getUid()) && !PodWatch.hasEnded(pod)) {
            threads.execute(() -> {
                write(pod, "Running", "{\"running\":{}}");
                held.put(pod.getMetadata().getUid(), pod);
                if (!holding) {
                    var _ = threads.schedule(() -> end(pod), lasts.toMillis(), TimeUnit.MILLISECONDS);
                }
            });
        }
    }

    private void end(Pod pod) {
        if (held.remove(pod.getMetadata().getUid()) != null) {
            boolean bad = fails.test(pod);
            write(
                    pod,
                    bad ? "Failed" : "Succeeded",
                    "{\"terminated\":{\"exitCode\":%d,\"reason\":\"%s\"}}"
                            .formatted(bad ? 1 : 0, bad ? "Error" : "Completed"));
        }
    }

    private void write(Pod pod, String phase, String state) {
        attempt(() -> {
            var resource = client.pods()
                    .inNamespace(OwnInstance.NAMESPACE)
                    .withName(pod.getMetadata().getName());
            Pod now = resource.get();
            boolean isSame = now != null
                    && now.getMetadata().getUid().equals(pod.getMetadata().getUid())
                    && !PodWatch.hasEnded(now);
            if (isSame) {
                resource.subresource("status").patch(MERGE, """
                                {"metadata":{"resourceVersion":"%s"},"status":{"phase":"%s","podIP":"10.0.0.1",\
                                "containerStatuses":[{"name":"main","ready":%s,"restartCount":0,"image":"-","imageID":"-",\
                                "state":%s}]}}""".formatted(
                                now.getMetadata().getResourceVersion(), phase, phase.equals("Running"), state));
            }
        });
    }

    /** Somebody else may write at the same time; what can't be done then would show as a workflow that doesn't end. */
    private static void attempt(Runnable write) {
        for (int attempt = 1; ; attempt++) {
            try {
                write.run();
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() == 404) {
                    return;
                }
                if (attempt == ATTEMPTS) {
                    System.err.println("pretend node: " + e.getMessage());
                    return;
                }
            }
        }
    }

    private final class Handler implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            seen(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            seen(pod);
        }

        @Override
        public void onDelete(Pod pod, boolean isFinalStateUnknown) {
            held.remove(pod.getMetadata().getUid());
        }
    }
}
