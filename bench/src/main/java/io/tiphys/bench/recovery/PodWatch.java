package io.tiphys.bench.recovery;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the API server's watch tells of pods, in the order of its resource versions. Safe for many threads. */
final class PodWatch implements AutoCloseable {
    static final String NODE_NAME = "workflows.argoproj.io/node-name";
    static final String WORKFLOW = "workflows.argoproj.io/workflow";

    /** What became of a pod. */
    enum What {
        CREATED,
        ENDED,
        DELETED
    }

    /**
     * Something that became of a pod.
     *
     * @param node the node's whole name
     * @param phase of the pod
     * @param at {@link System#nanoTime} when it was seen
     */
    record Entry(What what, String pod, String uid, String workflow, String node, String phase, long at) {}

    private final List<Entry> entries = new ArrayList<>();
    private final SharedIndexInformer<Pod> informer;

    PodWatch(KubernetesClient client) {
        this.informer = client.pods()
                .inNamespace(OwnInstance.NAMESPACE)
                .withLabel(WORKFLOW)
                .inform(new Handler());
    }

    List<Entry> entries() {
        synchronized (entries) {
            return List.copyOf(entries);
        }
    }

    List<Entry> entries(String workflow) {
        return entries().stream()
                .filter(entry -> entry.workflow().equals(workflow))
                .toList();
    }

    @Override
    public void close() {
        informer.stop();
    }

    static boolean hasEnded(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private void add(What what, Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        Entry entry = new Entry(
                what,
                pod.getMetadata().getName(),
                pod.getMetadata().getUid(),
                pod.getMetadata().getLabels().getOrDefault(WORKFLOW, ""),
                annotations == null ? "" : annotations.getOrDefault(NODE_NAME, ""),
                pod.getStatus() == null ? "" : String.valueOf(pod.getStatus().getPhase()),
                System.nanoTime());
        synchronized (entries) {
            entries.add(entry);
        }
    }

    private final class Handler implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            add(What.CREATED, pod);
            if (hasEnded(pod)) {
                add(What.ENDED, pod);
            }
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            if (!before.getMetadata().getUid().equals(pod.getMetadata().getUid())) {
                add(What.DELETED, before);
                onAdd(pod);
            } else if (!hasEnded(before) && hasEnded(pod)) {
                add(What.ENDED, pod);
            }
        }

        @Override
        public void onDelete(Pod pod, boolean isFinalStateUnknown) {
            add(What.DELETED, pod);
        }
    }
}
