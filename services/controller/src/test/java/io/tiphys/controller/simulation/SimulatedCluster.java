package io.tiphys.controller.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.tiphys.api.Workflow;
import io.tiphys.pods.Names;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the API server keeps: Workflows and pods, each with every change that it went through, in order. */
final class SimulatedCluster {
    /** One change of an object. */
    record Change<T>(T object, boolean isGone) {}

    /** Objects of one kind; they are never changed but replaced. */
    static final class Kind<T extends HasMetadata> {
        private final Map<String, T> objects = new LinkedHashMap<>();
        private final List<Change<T>> log = new ArrayList<>();
        private final List<BiConsumer<T, Boolean>> watchers = new ArrayList<>();
        private final BiConsumer<T, ObjectMeta> stamp;

        Kind(BiConsumer<T, ObjectMeta> stamp) {
            this.stamp = stamp;
        }

        @Nullable
        T get(String name) {
            return objects.get(name);
        }

        List<T> list() {
            return List.copyOf(objects.values());
        }

        int version() {
            return log.size();
        }

        Change<T> at(int version) {
            return log.get(version);
        }

        /** Called at once with every change. */
        void onChange(BiConsumer<T, Boolean> watcher) {
            watchers.add(watcher);
        }

        private void put(T object) {
            stamp.accept(
                    object,
                    new ObjectMetaBuilder(object.getMetadata())
                            .withResourceVersion(Integer.toString(log.size() + 1))
                            .build());
            objects.put(object.getMetadata().getName(), object);
            tell(object, false);
        }

        private void remove(String name) {
            T last = objects.remove(name);
            if (last != null) {
                tell(last, true);
            }
        }

        private void tell(T object, boolean isGone) {
            log.add(new Change<>(object, isGone));
            List.copyOf(watchers).forEach(watcher -> watcher.accept(object, isGone));
        }
    }

    private static final Duration LONGEST_COLLECTION = Duration.ofSeconds(20);

    private final World world;
    final Kind<Workflow> workflows = new Kind<>(Workflow::setMetadata);
    final Kind<Pod> pods = new Kind<>(Pod::setMetadata);
    /** Names of volume claims and of pod disruption budgets. */
    final Set<String> claims = new TreeSet<>();

    /** How many more requests for volume claims a quota refuses. */
    int claimsRefused;

    final Set<String> budgets = new TreeSet<>();

    /** Whether pods are made with the finalizer that keeps them. */
    boolean holdsPods;

    private int uids;

    SimulatedCluster(World world) {
        this.world = world;
    }

    // --- workflows ---

    Workflow create(Workflow workflow) {
        Workflow created = workflow.withMetadata(new ObjectMetaBuilder(workflow.getMetadata())
                .withNamespace(World.NAMESPACE)
                .withUid("wf-" + ++uids)
                .withCreationTimestamp(world.time.now().toString())
                .build());
        workflows.put(created);
        return created;
    }

    /** Null if the workflow isn't there, or isn't that one. */
    @Nullable
    Workflow workflow(String name, String uid) {
        Workflow found = workflows.get(name);
        return found != null && found.getMetadata().getUid().equals(uid) ? found : null;
    }

    /** Replaces the object by a new one; nothing is done if it isn't there. */
    @Nullable
    Workflow change(String name, String uid, UnaryOperator<Workflow> change) {
        Workflow found = workflow(name, uid);
        if (found == null) {
            return null;
        }
        Workflow next = change.apply(found);
        workflows.put(next);
        return next;
    }

    /** With all that it owns, which goes a while later. */
    void delete(Workflow workflow, io.tiphys.testkit.simulator.Dice dice) {
        String uid = workflow.getMetadata().getUid();
        workflows.remove(workflow.getMetadata().getName());
        world.time.after(
                dice.upTo(LONGEST_COLLECTION),
                () -> pods.list().stream()
                        .filter(pod -> uid.equals(workflowUid(pod)))
                        .forEach(pod -> deletePod(pod.getMetadata().getName())));
    }

    // --- pods ---

    void createPod(Pod pod) {
        ObjectMeta meta = new ObjectMetaBuilder(pod.getMetadata())
                .withUid("pod-" + ++uids)
                .withCreationTimestamp(world.time.now().toString())
                .withFinalizers(holdsPods ? List.of(Names.FINALIZER_STATUS) : List.of())
                .build();
        pods.put(pod(pod, meta, new PodStatus()));
    }

    /** As Kubernetes does: one that runs is told to end first, all others vanish at once; none does while it has a finalizer. */
    void deletePod(String name) {
        Pod pod = pods.get(name);
        if (pod == null) {
            return;
        }
        if (pod.getSpec().getNodeName() == null || hasEnded(pod)) {
            vanish(pod);
        } else {
            markDeleted(pod);
        }
    }

    private void markDeleted(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() == null) {
            change(
                    pod.getMetadata().getName(),
                    uid(pod),
                    meta -> new ObjectMetaBuilder(meta)
                            .withDeletionTimestamp(world.time.now().toString())
                            .build(),
                    null);
        }
    }

    private void vanish(Pod pod) {
        if (pod.getFinalizers().isEmpty()) {
            pods.remove(pod.getMetadata().getName());
        } else {
            markDeleted(pod);
        }
    }

    /** The kubelet's last word about a pod that was deleted. */
    void removePod(String name, String uid) {
        Pod pod = pods.get(name);
        if (pod != null && uid(pod).equals(uid)) {
            vanish(pod);
        }
    }

    /** Changes a pod's metadata, its status, or both; false if it isn't there. */
    boolean change(String name, String uid, UnaryOperator<ObjectMeta> meta, @Nullable PodStatus status) {
        Pod pod = pods.get(name);
        if (pod == null || !uid(pod).equals(uid)) {
            return false;
        }
        Pod next = pod(pod, meta.apply(pod.getMetadata()), status == null ? pod.getStatus() : status);
        pods.put(next);
        boolean isDeleted = next.getMetadata().getDeletionTimestamp() != null;
        boolean isReleased =
                !pod.getFinalizers().isEmpty() && next.getFinalizers().isEmpty();
        boolean runs = next.getSpec().getNodeName() != null && !hasEnded(next);
        if (isDeleted && isReleased && !runs) {
            pods.remove(name);
        }
        return true;
    }

    /** Replaces a pod's spec. */
    void changeSpec(String name, UnaryOperator<io.fabric8.kubernetes.api.model.PodSpec> change) {
        Pod pod = pods.get(name);
        if (pod != null) {
            pods.put(new Pod(
                    pod.getApiVersion(),
                    pod.getKind(),
                    pod.getMetadata(),
                    change.apply(pod.getSpec()),
                    pod.getStatus()));
        }
    }

    private static Pod pod(Pod like, ObjectMeta meta, PodStatus status) {
        return new Pod(like.getApiVersion(), like.getKind(), meta, like.getSpec(), status);
    }

    static String uid(HasMetadata object) {
        return object.getMetadata().getUid();
    }

    static boolean hasEnded(Pod pod) {
        String phase = pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    static @Nullable String workflowUid(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? null : annotations.get(Names.ANNOTATION_WORKFLOW_UID);
    }
}
