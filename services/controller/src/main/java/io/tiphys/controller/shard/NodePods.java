package io.tiphys.controller.shard;

import io.tiphys.api.NodeStatus;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.kube.PodGateway.Ensured;
import io.tiphys.controller.kube.PodObservation;
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
import java.util.HashMap;
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
    private final SeenPods seen = new SeenPods();
    private final PodRequests requests;
    private final PodTidying tidying;
    private final FactsForPods facts;
    private final Map<String, NodePodOrder> wanted = new HashMap<>();
    private final Map<String, Integer> refusals = new HashMap<>();
    private final Map<String, NodeStatus> adopted = new HashMap<>();

    NodePods(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
        this.requests = new PodRequests(ref, shard);
        this.tidying = new PodTidying(ref, shard, seen, requests, wanted::containsKey);
        this.facts = new FactsForPods(ref, shard);
    }

    /** Those that were seen. */
    SeenPods seen() {
        return seen;
    }

    /** What is done with those that nobody waits for any more. */
    PodTidying tidying() {
        return tidying;
    }

    /** What pods need to know of the workflow. */
    WorkflowFacts facts(Active active) {
        return facts.of(active);
    }

    /** Remembers the status of a workflow that ran under somebody else: pods of nodes that are done aren't made again. */
    void adopt(WorkflowStatus status) {
        adopted.putAll(status.nodes());
    }

    // --- what is seen ---

    /** Takes note of a pod; false if it is one that was sent away or says nothing new. */
    boolean isNews(PodObservation pod, int generation) {
        PodObservation before = seen.of(pod.nodeId());
        if (seen.isDismissed(pod)) {
            return false;
        }
        seen.note(pod, generation);
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
        tidying.gone(last);
        return seen.forget(last);
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
        tidying.ordered(command.podName());
        Node node = active == null ? null : active.run().node(command.nodeId());
        if (active != null && node != null && !isSeen(node)) {
            boolean takesOver = adopted.containsKey(command.nodeId());
            NodePodOrder order = new NodePodOrder(
                    shard.services(),
                    command,
                    facts.of(active, node),
                    node.seq(),
                    seen.isEmpty(),
                    takesOver,
                    mayBeThere || takesOver);
            wanted.put(command.nodeId(), order);
            carryOut(command.nodeId(), order);
        }
    }

    /** Whether its pod is known to be there: ordered again it would count as wanted, so that nobody would see to its label. */
    private boolean isSeen(Node node) {
        PodObservation pod = seen.of(node.id());
        return pod != null && pod.nodeSeq() == node.seq();
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
        return Optional.ofNullable(seen.of(nodeId));
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
        requests.submit(order.name(), () -> report(nodeId, ensured(order)));
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

    void end(Command.EndPod command) {
        NodePodOrder order = wanted.remove(command.nodeId());
        PodObservation pod = seen.of(command.nodeId());
        if (order != null && order.withdraw() && pod == null) {
            return; // a stopped workflow may have thousands that wait to be created
        }
        seeToItsEnd(command.nodeId());
        switch (command.how()) {
            case DELETE -> {
                if (pod == null) {
                    requests.delete(command.podName());
                } else {
                    seen.dismiss(pod);
                    tidying.delete(pod);
                }
            }
            case TERMINATE -> requests.terminate(command.podName());
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
        for (String name : seen.dismissedNames(nodeId)) {
            if (isOver) {
                requests.delete(name);
            }
            seeToItsEnd(nodeId);
        }
        PodObservation pod = seen.of(nodeId);
        if (pod == null || pod.hasEnded() || !isOver) {
            return;
        }
        shard.services().metrics().counter("tiphys.pods.left.over").increment();
        if (pod.facts().phase() == PodPhase.PENDING) {
            requests.delete(pod.facts().podName()); // no kubelet may have it yet that could end it
        } else {
            requests.terminate(pod.facts().podName());
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
}
