package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.kube.PodGateway.Ensured;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.lifecycle.PodGcPolicy;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.Command;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.messages.PodEvent;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.pods.WorkflowFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of one workflow: which are wanted, which were seen, which are to go. For the shard's own thread; the requests
 * themselves run elsewhere and post their outcome.
 */
final class NodePods {
    private static final Logger LOG = LoggerFactory.getLogger(NodePods.class);
    /** When it is looked whether a pod that was to end has ended. */
    private static final Duration END_PATIENCE = Duration.ofSeconds(30);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final Map<String, NodePodOrder> wanted = new HashMap<>();
    private final Map<String, Integer> refusals = new HashMap<>();
    private final Map<String, PodObservation> seen = new LinkedHashMap<>();
    private final Map<String, Integer> generations = new HashMap<>();
    private final Map<String, PodObservation> dismissed = new LinkedHashMap<>();
    private final Set<String> tidied = new HashSet<>();
    private final Map<String, Untidy> untidy = new HashMap<>();
    private final Map<String, NodeStatus> adopted = new HashMap<>();
    private @Nullable SpecVariables variables;
    private @Nullable WorkflowFacts lastFacts;

    /**
     * A pod, by name, that is to be labelled or deleted a while later.
     *
     * @param failures how often that was tried
     */
    private record Untidy(PodObservation pod, boolean deletes, int failures) {}

    NodePods(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    /** Remembers the status of a workflow that ran under somebody else: pods of nodes that are done aren't made again. */
    void adopt(WorkflowStatus status) {
        adopted.putAll(status.nodes());
    }

    // --- what is seen ---

    /** Takes note of a pod; false if it is one that was sent away or says nothing new. */
    boolean isNews(PodObservation pod, int generation) {
        PodObservation before = seen.get(pod.nodeId());
        if (dismissed.containsKey(pod.podUid())) {
            return false;
        }
        seen.put(pod.nodeId(), pod);
        generations.merge(pod.podUid(), generation, Math::max);
        wanted.remove(pod.nodeId());
        refusals.remove(pod.nodeId());
        return before == null
                || before.nodeSeq() != pod.nodeSeq()
                || !before.facts().equals(pod.facts());
    }

    /** Whether the pod was made for a node that was retried since: what it does says nothing about the one of today. */
    static boolean isOutlived(PodObservation pod, Active active) {
        Node node = active.run().node(pod.nodeId());
        return node != null && pod.nodeSeq() >= 0 && pod.nodeSeq() < node.seq();
    }

    /** Forgets a pod that is gone; false if nobody waits for it. */
    boolean forget(PodObservation last) {
        tidied.remove(last.podUid());
        Untidy waiting = untidy.get(last.facts().podName());
        if (waiting != null && isSame(waiting.pod(), last)) {
            untidy.remove(last.facts().podName());
        }
        generations.remove(last.podUid());
        boolean wasSentAway = dismissed.remove(last.podUid()) != null;
        PodObservation current = seen.get(last.nodeId());
        if (current != null && current.podUid().equals(last.podUid())) {
            seen.remove(last.nodeId());
        }
        return !wasSentAway && (current == null || current.podUid().equals(last.podUid()));
    }

    /** Pods that only earlier generations of watches saw. */
    List<PodObservation> unseenBy(int generation) {
        return seen.values().stream()
                .filter(pod -> generations.getOrDefault(pod.podUid(), 0) < generation)
                .toList();
    }

    /** Uid of the node's pod, or null if none was seen. */
    @Nullable
    String podUid(String nodeId) {
        PodObservation pod = seen.get(nodeId);
        return pod == null ? null : pod.podUid();
    }

    /** Whether no pod is left that something has to be done about. */
    boolean isTidy() {
        return seen.values().stream()
                .allMatch(pod -> pod.hasEnded() && (pod.completed() || tidied.contains(pod.podUid())));
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

    List<PodObservation> all() {
        return new ArrayList<>(seen.values());
    }

    // --- what is wanted ---

    boolean isWanted(String nodeId) {
        return wanted.containsKey(nodeId);
    }

    /** Ids of the nodes whose pods were ordered and aren't known to be there. */
    Set<String> wanted() {
        return Set.copyOf(wanted.keySet());
    }

    /**
     * Orders a pod.
     *
     * @param mayBeThere whether it may have been ordered before, by us or by another replica
     */
    void ensure(Command.EnsurePod command, boolean mayBeThere, @Nullable Active active) {
        NodeStatus before = adopted.get(command.nodeId());
        if (before != null && before.phase().isFulfilled()) {
            shard.post(new ShardInput.NodeAdopted(ref.uid(), before));
            return;
        }
        shard.timers().cancel(new TimerKey(ref.uid(), Purpose.TIDY_POD, command.podName())); // meant its predecessor
        untidy.remove(command.podName());
        Node node = active == null ? null : active.run().node(command.nodeId());
        if (active != null && node != null) {
            boolean takesOver = adopted.containsKey(command.nodeId());
            NodePodOrder order = new NodePodOrder(
                    shard.services(), command, facts(active), node.seq(), takesOver, mayBeThere || takesOver);
            wanted.put(command.nodeId(), order);
            carryOut(command.nodeId(), order);
        }
    }

    /** A pod that could not be made for the time being is tried again. */
    void ensureAgain(String nodeId) {
        NodePodOrder order = wanted.get(nodeId);
        if (order != null) {
            carryOut(nodeId, order);
        }
    }

    /** The pod exists; returns what was last seen of it, which may have been before its node was known. */
    Optional<PodObservation> ensured(String nodeId) {
        wanted.remove(nodeId);
        refusals.remove(nodeId);
        return Optional.ofNullable(seen.get(nodeId));
    }

    void refused(String nodeId, String message, boolean isTransient) {
        NodePodOrder order = wanted.get(nodeId);
        if (order == null) {
            return;
        }
        shard.announce(new PodEvent(
                ref,
                nodeId,
                order.name(),
                shard.now(),
                null,
                isTransient ? "CreationPostponed" : "CreationRefused",
                message));
        if (!isTransient) {
            wanted.remove(nodeId);
            return;
        }
        int before = refusals.merge(nodeId, 1, Integer::sum) - 1;
        Instant at = shard.now().plus(Pauses.after(before));
        shard.timers().start(new TimerKey(ref.uid(), Purpose.ENSURE_POD, nodeId), at);
    }

    private void carryOut(String nodeId, NodePodOrder order) {
        shard.requests().submit(podKey(order.name()), () -> report(nodeId, ensured(order)));
    }

    private static Ensured ensured(NodePodOrder order) throws InterruptedException {
        try {
            return order.carryOut();
        } catch (RuntimeException e) {
            LOG.error("pod {} could not be created", order.name(), e);
            return new Ensured.Refused(String.valueOf(e.getMessage()), true);
        }
    }

    private void report(String nodeId, Ensured ensured) {
        switch (ensured) {
            case Ensured.Created _, Ensured.AlreadyThere _ -> shard.post(new ShardInput.PodEnsured(ref.uid(), nodeId));
            case Ensured.Refused(var message, var isTransient) ->
                shard.post(new ShardInput.PodRefused(ref.uid(), nodeId, message, isTransient));
            case Ensured.Withdrawn _ -> LOG.trace("nobody wants the pod of {} any more", nodeId);
        }
    }

    /** This pod is of no use and goes; its successor is another matter. */
    void dismiss(PodObservation pod) {
        dismissed.put(pod.podUid(), pod);
        seen.remove(pod.nodeId());
    }

    void end(Command.EndPod command) {
        NodePodOrder order = wanted.remove(command.nodeId());
        PodObservation pod = seen.get(command.nodeId());
        if (order != null && order.withdraw() && pod == null) {
            return; // a stopped workflow may have thousands that wait to be created
        }
        seeToItsEnd(command.nodeId());
        switch (command.how()) {
            case DELETE -> {
                if (pod == null) {
                    delete(command.podName());
                } else {
                    dismiss(pod);
                    delete(pod);
                }
            }
            case TERMINATE -> terminate(command.podName());
        }
    }

    /** The node's pod is to end, or its node has ended before it: it is looked after until it has. */
    void seeToItsEnd(String nodeId) {
        shard.timers()
                .startIfAbsent(
                        new TimerKey(ref.uid(), Purpose.END_POD, nodeId),
                        shard.now().plus(END_PATIENCE));
    }

    /**
     * Ends what still runs though it should have ended: the request may have failed, or who was to make it may be gone.
     *
     * @param isOver whether nobody waits for the node's pod
     */
    void endLeftOver(String nodeId, boolean isOver) {
        dismissed.values().stream()
                .filter(pod -> pod.nodeId().equals(nodeId))
                .map(pod -> pod.facts().podName())
                .distinct()
                .toList()
                .forEach(name -> {
                    if (isOver) {
                        delete(name);
                    }
                    seeToItsEnd(nodeId);
                });
        PodObservation pod = seen.get(nodeId);
        if (pod == null || pod.hasEnded() || !isOver) {
            return;
        }
        shard.services().metrics().counter("tiphys.pods.left.over").increment();
        if (pod.facts().phase() == PodPhase.PENDING) {
            delete(pod.facts().podName()); // no kubelet may have it yet that could end it
        } else {
            terminate(pod.facts().podName());
        }
        seeToItsEnd(nodeId);
    }

    /** The node was taken out of the run. */
    void release(String nodeId) {
        NodePodOrder order = wanted.remove(nodeId);
        if (order != null) {
            order.withdraw();
        }
        refusals.remove(nodeId);
        adopted.remove(nodeId);
    }

    // --- what is done with pods that nobody waits for any more ---

    void nodeFulfilled(String nodeId, NodePhase phase, @Nullable Active active) {
        PodObservation pod = seen.get(nodeId);
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
        for (PodObservation pod : seen.values()) {
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
    void untidy(PodObservation pod, boolean deletes) {
        shard.services().metrics().counter("tiphys.pods.untidy").increment();
        Untidy before = untidy.get(pod.facts().podName());
        if (isThere(pod) && !wanted.containsKey(pod.nodeId()) && (before == null || deletes || !before.deletes())) {
            boolean isSame = before != null && before.deletes() == deletes && isSame(before.pod(), pod);
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
        if (isThere(what.pod())) {
            tidy(what.pod(), what.deletes());
        } else {
            untidy.remove(podName);
        }
    }

    private boolean isThere(PodObservation pod) {
        PodObservation last = seen.get(pod.nodeId());
        return dismissed.containsKey(pod.podUid()) || (last != null && isSame(last, pod));
    }

    private static boolean isSame(PodObservation one, PodObservation other) {
        return one.podUid().equals(other.podUid());
    }

    private void tidy(PodObservation pod, boolean deletes) {
        String name = pod.facts().podName();
        shard.requests().submit(podKey(name), () -> {
            boolean isDone = deletes
                    ? shard.services().pods().delete(ref.namespace(), name)
                    : shard.services().pods().labelCompleted(ref.namespace(), name);
            if (!isDone) {
                shard.post(new ShardInput.PodUntidy(ref.uid(), pod, deletes));
            }
        });
    }

    /** Deletes the pod, again and again until it goes. */
    void delete(PodObservation pod) {
        tidy(pod, true);
    }

    /** Deletes what there may be under the name. */
    void delete(String podName) {
        shard.requests().submit(podKey(podName), () -> shard.services().pods().delete(ref.namespace(), podName));
    }

    private void terminate(String podName) {
        shard.requests().submit(podKey(podName), () -> shard.services().pods().terminate(ref.namespace(), podName));
    }

    private String podKey(String podName) {
        return ref.namespace() + "/pods/" + podName;
    }

    /** What pods need to know of the workflow; made again only when variables in it may have got other values. */
    WorkflowFacts facts(Active active) {
        SpecVariables filled = variables;
        if (filled == null || !filled.areOf(active.spec())) {
            filled = new SpecVariables(active.spec());
            variables = filled;
            lastFacts = null;
        }
        WorkflowFacts last = lastFacts;
        if (last != null && filled.isConstant()) {
            return last;
        }
        WorkflowFacts made = facts(active, filled.fill(active.run().scope()));
        lastFacts = made;
        return made;
    }

    private WorkflowFacts facts(Active active, WorkflowSpec spec) {
        var meta = active.definition().workflow().getMetadata();
        return new WorkflowFacts(
                ref.namespace(),
                ref.name(),
                ref.uid(),
                shard.number(),
                Instants.parse(meta.getCreationTimestamp()).orElse(shard.now()),
                Optional.ofNullable(meta.getLabels()).orElse(Map.of()),
                Optional.ofNullable(meta.getAnnotations()).orElse(Map.of()),
                spec,
                active.definition().repository(),
                VolumeClaims.volumes(ref.name(), spec));
    }
}
