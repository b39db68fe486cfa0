package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.lifecycle.PodGcPolicy;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the pods of one workflow that nobody waits for any more: they are labelled as completed, or deleted as the
 * workflow's {@code podGC} says, and again for as long as that fails.
 */
final class PodTidying {
    private final WorkflowRef ref;
    private final ShardContext shard;
    private final SeenPods seen;
    private final PodRequests requests;
    private final Predicate<String> isWanted;
    private final Set<String> tidied = new HashSet<>();
    private final Map<String, Untidy> untidy = new HashMap<>();

    /**
     * A pod, by name, that is to be labelled or deleted a while later.
     *
     * @param failures how often that was tried
     */
    private record Untidy(PodObservation pod, boolean deletes, int failures) {}

    /**
     * Nothing to do yet.
     *
     * @param isWanted whether a pod was ordered for the node with this id that isn't known to be there
     */
    PodTidying(WorkflowRef ref, ShardContext shard, SeenPods seen, PodRequests requests, Predicate<String> isWanted) {
        this.ref = ref;
        this.shard = shard;
        this.seen = seen;
        this.requests = requests;
        this.isWanted = isWanted;
    }

    /** Whether no pod is left that something has to be done about. */
    boolean isTidy() {
        return seen.stream().allMatch(pod -> pod.hasEnded() && (pod.completed() || tidied.contains(pod.podUid())));
    }

    /** Whether there may be pods of the finished workflow that are still to be labelled or deleted. */
    boolean mayBeUntidy(Workflow workflow) {
        WorkflowSpec stored = workflow.getStatus().storedWorkflowTemplateSpec();
        Workflow defaults = shard.services().settings().policies().defaults().workflow();
        boolean deletes = workflow.getSpec().podGC() != null
                || (stored != null && stored.podGC() != null)
                || (defaults != null && defaults.getSpec().podGC() != null);
        return !seen.isEmpty() && (deletes || !isTidy());
    }

    /** A pod with this name is ordered: what was to be done meant its predecessor. */
    void ordered(String podName) {
        shard.timers().cancel(new TimerKey(ref.uid(), Purpose.TIDY_POD, podName));
        untidy.remove(podName);
    }

    /** The pod is gone. */
    void gone(PodObservation last) {
        tidied.remove(last.podUid());
        Untidy waiting = untidy.get(last.facts().podName());
        if (waiting != null && SeenPods.isSame(waiting.pod(), last)) {
            untidy.remove(last.facts().podName());
        }
    }

    void nodeFulfilled(String nodeId, NodePhase phase, @Nullable Active active) {
        PodObservation pod = seen.of(nodeId);
        if (pod == null || !pod.hasEnded() || !tidied.add(pod.podUid())) {
            return;
        }
        PodGcPolicy policy =
                PodGcPolicy.of(active == null ? null : active.spec().podGC());
        if (policy.deletesOnPodEnd(phase, pod.labels())) {
            deleteLater(pod, policy);
        } else if (!pod.completed()) {
            tidy(pod, false);
        }
    }

    void workflowFulfilled(WorkflowPhase phase, @Nullable Active active) {
        PodGcPolicy policy =
                PodGcPolicy.of(active == null ? null : active.spec().podGC());
        for (PodObservation pod : seen.all()) {
            if (policy.deletesOnWorkflowEnd(phase, pod.labels())) {
                deleteLater(pod, policy);
            }
        }
    }

    private void deleteLater(PodObservation pod, PodGcPolicy policy) {
        Duration delay = policy.deleteDelay().orElse(shard.services().settings().podGcDelay());
        Untidy before = untidy.get(pod.facts().podName());
        if (before == null || !before.deletes()) {
            tidyLater(new Untidy(pod, true, 0), delay);
        }
    }

    /**
     * A pod could not be labelled or deleted for the time being: that is done later, for as long as the pod is there and nobody wants
     * another one in its place, which would be a reason to delete it first.
     */
    void failed(PodObservation pod, boolean deletes) {
        shard.services().metrics().counter("tiphys.pods.untidy").increment();
        Untidy before = untidy.get(pod.facts().podName());
        if (seen.isThere(pod) && !isWanted.test(pod.nodeId()) && (before == null || deletes || !before.deletes())) {
            boolean isSame = before != null && before.deletes() == deletes && SeenPods.isSame(before.pod(), pod);
            int failures = isSame && before != null ? before.failures() : 0;
            tidyLater(new Untidy(pod, deletes, failures + 1), Pauses.after(failures));
        }
    }

    private void tidyLater(Untidy what, Duration pause) {
        String name = what.pod().facts().podName();
        untidy.put(name, what);
        shard.timers()
                .start(
                        new TimerKey(ref.uid(), Purpose.TIDY_POD, name),
                        shard.now().plus(pause));
    }

    /** It is time to label or delete the pod. */
    void tidyAgain(String podName) {
        Untidy what = untidy.get(podName);
        if (what == null) {
            return;
        }
        if (seen.isThere(what.pod())) {
            tidy(what.pod(), what.deletes());
        } else {
            untidy.remove(podName);
        }
    }

    /** Whoever deletes the pod, or has, needn't wait for us any more. */
    void release(PodObservation pod) {
        requests.release(pod.facts().podName());
    }

    /** Deletes the pod, again and again until it goes. */
    void delete(PodObservation pod) {
        tidy(pod, true);
    }

    private void tidy(PodObservation pod, boolean deletes) {
        String name = pod.facts().podName();
        requests.submit(name, () -> {
            boolean isDone = deletes
                    ? shard.services().pods().delete(ref.namespace(), name)
                    : shard.services().pods().labelCompleted(ref.namespace(), name);
            if (!isDone) {
                shard.post(new ShardInput.PodUntidy(ref.uid(), pod, deletes));
            }
        });
    }
}
