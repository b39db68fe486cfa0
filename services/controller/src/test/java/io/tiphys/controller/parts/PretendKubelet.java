package io.tiphys.controller.parts;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Ends each pod as soon as it sees it: with the exit code of the annotation {@code test/exit-code}, else with 0. Pods with
 * the annotation {@code test/hold} stay Running until they are released; the first pods of a name with {@code test/evictions: n} are
 * evicted before they begin.
 */
public final class PretendKubelet implements AutoCloseable {
    private final KubernetesClient client;
    private final SharedIndexInformer<Pod> informer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Map<String, Pod> running = new ConcurrentHashMap<>();
    private final Queue<String> ran = new ConcurrentLinkedQueue<>();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private volatile boolean holding;
    private volatile boolean mended;

    public PretendKubelet(KubernetesClient client) {
        this.client = client;
        this.informer = client.pods().inAnyNamespace().inform(new ResourceEventHandler<Pod>() {
            @Override
            public void onAdd(Pod pod) {
                begin(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                begin(pod);
            }

            @Override
            public void onDelete(Pod pod, boolean isFinalStateUnknown) {}
        });
    }

    /** Pods that were started, by name, in order; a name that is there twice ran twice. */
    public List<String> ran() {
        return List.copyOf(ran);
    }

    /** The most pods that were Running at the same time. */
    public int mostAtOnce() {
        return mostAtOnce.get();
    }

    /** Pods stay Running from now on. */
    public void hold() {
        holding = true;
    }

    /** Every pod succeeds from now on, whatever its annotation says. */
    public void mend() {
        mended = true;
    }

    /** Held pods end, and new ones end at once. */
    public void release() {
        holding = false;
        List.copyOf(running.values()).forEach(this::endOnce);
    }

    @Override
    public void close() {
        informer.stop();
        threads.close();
    }

    private void begin(Pod pod) {
        if (started.add(pod.getMetadata().getUid())) {
            ran.add(pod.getMetadata().getName());
            threads.execute(() -> {
                if (isToBeEvicted(pod)) {
                    evict(pod);
                    return;
                }
                write(pod, "Running", running(pod));
                running.put(pod.getMetadata().getUid(), pod);
                mostAtOnce.accumulateAndGet(running.size(), Math::max);
                if (!holding) {
                    endOnce(pod);
                }
            });
        }
    }

    private boolean isToBeEvicted(Pod pod) {
        int evictions = Integer.parseInt(pod.getMetadata().getAnnotations().getOrDefault("test/evictions", "0"));
        return ran.stream().filter(pod.getMetadata().getName()::equals).count() <= evictions;
    }

    private void evict(Pod pod) {
        edit(
                pod,
                current -> new PodBuilder(current)
                        .editOrNewStatus()
                        .withPhase("Failed")
                        .withReason("Evicted")
                        .withMessage("The node had condition: [DiskPressure].")
                        .endStatus()
                        .build());
    }

    private void endOnce(Pod pod) {
        if (running.remove(pod.getMetadata().getUid()) != null) {
            threads.execute(() -> end(pod));
        }
    }

    private void end(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        int exitCode = mended ? 0 : Integer.parseInt(annotations.getOrDefault("test/exit-code", "0"));
        ContainerStatus main = new ContainerStatusBuilder()
                .withName("main")
                .withReady(false)
                .withNewState()
                .withNewTerminated()
                .withExitCode(exitCode)
                .withReason(exitCode == 0 ? "Completed" : "Error")
                .endTerminated()
                .endState()
                .build();
        write(pod, exitCode == 0 ? "Succeeded" : "Failed", main);
    }

    private static ContainerStatus running(Pod pod) {
        return new ContainerStatusBuilder()
                .withName("main")
                .withReady(true)
                .withNewState()
                .withNewRunning()
                .withStartedAt(pod.getMetadata().getCreationTimestamp())
                .endRunning()
                .endState()
                .build();
    }

    private void write(Pod pod, String phase, ContainerStatus main) {
        edit(
                pod,
                current -> new PodBuilder(current)
                        .editOrNewStatus()
                        .withPhase(phase)
                        .withPodIP("10.0.0.1")
                        .withStartTime(pod.getMetadata().getCreationTimestamp())
                        .withContainerStatuses(main)
                        .endStatus()
                        .build());
    }

    private void edit(Pod pod, UnaryOperator<Pod> change) {
        try {
            client.pods()
                    .inNamespace(pod.getMetadata().getNamespace())
                    .withName(pod.getMetadata().getName())
                    .editStatus(change);
        } catch (KubernetesClientException | NullPointerException e) {
            ran.add("gone: " + pod.getMetadata().getName()); // deleted meanwhile
        }
    }
}
