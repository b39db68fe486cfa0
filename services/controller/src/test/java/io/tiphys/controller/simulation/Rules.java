package io.tiphys.controller.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.SimulatedPartition;
import io.tiphys.controller.shard.Shard;
import io.tiphys.controller.shard.ShardProbe;
import io.tiphys.engine.LockClaim;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.Node;
import io.tiphys.engine.NodeRecord;
import io.tiphys.engine.Origin;
import io.tiphys.engine.Run;
import io.tiphys.engine.RunRecord;
import io.tiphys.messages.NodeChange;
import io.tiphys.messages.Shards;
import io.tiphys.pods.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What must be so whatever happens, judged by what the journal says and by what is in the cluster. Throws an {@link AssertionError}
 * that says what isn't.
 */
final class Rules implements SimulatedPartition.Reader {
    /** What the journal says of one workflow. */
    static final class Journaled {
        final Map<String, NodeRecord> nodes = new LinkedHashMap<>();
        final Set<String> commands = new HashSet<>();

        /** Of nodes that a retry opened again: the youngest node that was there by then. */
        final Map<Integer, Integer> youngestWhenReopened = new HashMap<>();

        @Nullable
        RunRecord run;

        int retries;
        boolean isDeleted;
    }

    private final Map<String, Journaled> workflows = new LinkedHashMap<>();
    private final Set<String> everJournaled = new HashSet<>();
    private final Set<String> knownPods = new HashSet<>();
    private final Set<String> mayHaveSucceeded = new HashSet<>();
    private final Map<String, String> podsOfNodes = new HashMap<>();
    private final ToIntFunction<LockRequest.Kind> limits;

    Rules(ToIntFunction<LockRequest.Kind> limits) {
        this.limits = limits;
    }

    Journaled of(String uid) {
        return workflows.computeIfAbsent(uid, _ -> new Journaled());
    }

    /** How many records were written so far of all workflows together. */
    long written;

    /** The key of the last one. */
    String lastWritten = "";

    // --- what is written ---

    @Override
    public void written(String key, @Nullable NodeChange now) {
        if (now != null) { // what the sweep clears away comes when it comes
            written++;
            lastWritten = key;
        }
        int slash = key.indexOf('/');
        Journaled journaled = of(key.substring(0, slash));
        String nodeId = key.substring(slash + 1);
        if (nodeId.equals(JournalRecords.DEFINITION)) {
            return;
        }
        if (nodeId.isEmpty()) {
            run(key, journaled, now);
        } else if (now == null) {
            journaled.nodes.remove(nodeId);
        } else {
            node(journaled, nodeId, read(now.state(), NodeRecord.class));
        }
    }

    private void run(String key, Journaled journaled, @Nullable NodeChange now) {
        if (now == null) {
            journaled.run = null;
            return;
        }
        JsonNode state = now.state();
        RunRecord next = read(state == null ? null : state.path("run"), RunRecord.class);
        RunRecord last = journaled.run;
        if (last != null && last.phase().isFulfilled() && last.phase() != next.phase() && journaled.retries == 0) {
            throw new AssertionError(
                    "workflow %s had ended as %s when it became %s".formatted(key, last.phase(), next.phase()));
        }
        journaled.run = next;
        if (state != null) {
            state.path("commands").forEach(id -> journaled.commands.add(id.asText()));
        }
    }

    private void node(Journaled journaled, String nodeId, NodeRecord next) {
        NodeRecord last = journaled.nodes.get(nodeId);
        if (last != null && last.seq() == next.seq() && last.phase().isFulfilled()) {
            // a retry opens it again, and it may end otherwise before that is written
            boolean isReopened = journaled.retries > 0;
            if (last.phase() != next.phase() && !isReopened) {
                throw new AssertionError(
                        "node %s had ended as %s when it became %s".formatted(next.name(), last.phase(), next.phase()));
            }
            if (!isReopened && !values(next).entrySet().containsAll(values(last).entrySet())) {
                throw new AssertionError("node %s had its outputs when they changed: %s, %s"
                        .formatted(next.name(), values(last), values(next)));
            }
        }
        boolean succeeds = next.phase() == NodePhase.SUCCEEDED && (last == null || last.phase() != NodePhase.SUCCEEDED);
        if (succeeds
                && next.type() == NodeType.POD
                && !mayHaveSucceeded.contains(nodeId + "/" + next.seq())
                && !isToTakeADaemonsPlace(journaled, next)) {
            throw new AssertionError("node %s (%s/%d) has succeeded, but no pod that was made for it has"
                    .formatted(next.name(), nodeId, next.seq()));
        }
        if (last != null && last.seq() == next.seq() && last.settled() && !next.settled()) {
            journaled.youngestWhenReopened.put(
                    next.seq(),
                    journaled.nodes.values().stream()
                            .mapToInt(NodeRecord::seq)
                            .max()
                            .orElse(next.seq()));
        }
        if (next.podSeen() && !podsOfNodes.containsValue(nodeId + "/" + next.seq())) {
            throw new AssertionError("node %s (%s/%d) has seen a pod, and none was made for it"
                    .formatted(next.name(), nodeId, next.seq()));
        }
        if (next.podUid() != null && !(nodeId + "/" + next.seq()).equals(podsOfNodes.get(next.podUid()))) {
            throw new AssertionError("node %s (%s/%d) takes the pod %s for its own, which was made for %s"
                    .formatted(next.name(), nodeId, next.seq(), next.podUid(), podsOfNodes.get(next.podUid())));
        }
        boolean held =
                last != null && last.seq() == next.seq() && !held(last.lock()).isEmpty();
        if (held && held(next.lock()).isEmpty() && !hasEnded(next)) {
            throw new AssertionError("node %s is %s and has given back its locks".formatted(next.name(), next.phase()));
        }
        journaled.nodes.put(nodeId, next);
        everJournaled.add(nodeId + "/" + next.seq());
        outputsAreOfThisAttempt(next);
    }

    /**
     * Whether it is the next attempt at a daemon that had been ready and failed: when nobody needs the daemon any more it ends with it,
     * as succeeded, however far its own pod has come. What it is an attempt at is written after it.
     */
    private static boolean isToTakeADaemonsPlace(Journaled journaled, NodeRecord node) {
        return node.origin().kind() == Origin.Kind.ATTEMPT
                && journaled.nodes.values().stream().anyMatch(each -> each.seq() == node.parent() && each.daemoned());
    }

    /** What a pod reported comes out of the node that it was made for, not of one that came later under the same id. */
    private void outputsAreOfThisAttempt(NodeRecord node) {
        if (node.type() != NodeType.POD) {
            return;
        }
        values(node).forEach((name, value) -> {
            if (value.startsWith(SimulatedKubelet.FROM)) {
                String pod = value.substring(SimulatedKubelet.FROM.length());
                String madeFor = podsOfNodes.get(pod);
                if (!(node.id() + "/" + node.seq()).equals(madeFor)) {
                    throw new AssertionError("node %s (%s/%d) has the %s of pod %s, which was made for %s"
                            .formatted(node.name(), node.id(), node.seq(), name, pod, madeFor));
                }
            }
        });
    }

    /**
     * It needs the locks no longer: it is over, or a daemon that others may use; or it was opened again and gets its locks
     * again before it goes on. That its pod has ended is not enough, as what it did may still be reported.
     */
    private static boolean hasEnded(NodeRecord node) {
        return node.phase().isFulfilled() || node.daemoned() || node.reopened();
    }

    /** Without what follows from the nodes. */
    private static String text(@Nullable RunRecord run) {
        return run == null
                ? "nothing"
                : new RunRecord(
                                run.phase(),
                                run.message(),
                                run.startedAt(),
                                run.finishedAt(),
                                run.shutdown(),
                                run.suspended(),
                                run.deadlinePassed(),
                                run.outputs(),
                                run.parameters(),
                                run.activeDeadlineSeconds(),
                                run.parallelism(),
                                0,
                                run.metricsError(),
                                run.lock())
                        .toString();
    }

    /** What came out of a node, by name; more may come, but what is there stays. */
    private static Map<String, String> values(NodeRecord node) {
        Map<String, String> values = new LinkedHashMap<>();
        Outputs outputs = node.outputs();
        if (outputs != null) {
            outputs.parameters().forEach(each -> values.put("parameter " + each.name(), String.valueOf(each.value())));
            if (outputs.result() != null) {
                values.put("result", outputs.result());
            }
        }
        return values;
    }

    private static <T> T read(@Nullable JsonNode state, Class<T> type) {
        try {
            return ApiJson.mapper().treeToValue(state, type);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a journaled state can't be read", e);
        }
    }

    // --- what is done ---

    /** Something was ordered; no pod is before the journal has acknowledged what it follows from, whenever the order is carried out. */
    void ordered(Shard shard) {
        for (String node : ShardProbe.orderedPods(shard)) {
            if (!everJournaled.contains(node)) {
                throw new AssertionError("the pod of node " + node + " was ordered before the journal knew the node");
            }
        }
    }

    /** Nothing is made before the journal says that it is to be. */
    void podSeen(Pod pod) {
        String uid = SimulatedCluster.uid(pod);
        if ("Succeeded".equals(pod.getStatus().getPhase()) || SimulatedKubelet.isDaemon(pod)) {
            mayHaveSucceeded.add(podsOfNodes.getOrDefault(uid, ""));
        }
        if (!knownPods.add(uid)) {
            return;
        }
        String node =
                pod.getMetadata().getAnnotations().get(Names.ANNOTATION_NODE_ID) + "/" + SimulatedPodGateway.seq(pod);
        podsOfNodes.put(uid, node);
        if (!everJournaled.contains(node)) {
            throw new AssertionError("pod " + pod.getMetadata().getName() + " was made for node " + node
                    + ", which the journal doesn't know");
        }
    }

    // --- what a shard knows ---

    /** A shard was restored. */
    void restored(Shard shard, int number) {
        ShardProbe.runs(shard).forEach((uid, run) -> sameAsJournaled("restored", number, uid, run));
    }

    /** A shard did something. */
    void turned(String replica, Shard shard, int number, boolean isWriter) {
        if (!isWriter) {
            return; // it was replaced and doesn't know yet
        }
        ShardProbe.runs(shard).forEach((uid, run) -> {
            if (run.phase().isFulfilled() && of(uid).isDeleted) {
                return;
            }
            sameAsJournaled(replica, number, uid, run);
            dependenciesAreDone(run, of(uid));
            parallelismIsKept(run);
        });
        locksAreKept();
    }

    private void sameAsJournaled(String who, int number, String uid, Run run) {
        if (Shards.of(uid, World.SHARDS) != number) {
            throw new AssertionError("workflow " + uid + " is in shard " + number);
        }
        Journaled journaled = of(uid);
        if (!text(run.record()).equals(text(journaled.run))) {
            throw new AssertionError(
                    "%s: the run of %s is %s, the journal says %s".formatted(who, uid, run.record(), journaled.run));
        }
        if (run.nodeCount() != journaled.nodes.size()) {
            throw new AssertionError("%s: the run of %s has %d nodes, the journal %d"
                    .formatted(who, uid, run.nodeCount(), journaled.nodes.size()));
        }
        for (Node node : run.nodes()) {
            NodeRecord record = run.record(node);
            if (!record.equals(journaled.nodes.get(node.id()))) {
                throw new AssertionError("%s: node %s is %s, the journal says %s"
                        .formatted(who, node.name(), record, journaled.nodes.get(node.id())));
            }
        }
    }

    private static void dependenciesAreDone(Run run, Journaled journaled) {
        for (Node node : run.nodes()) {
            Node boundary = node.boundary();
            if (node.origin().kind() != Origin.Kind.TASK || boundary == null || boundary.template() == null) {
                continue;
            }
            for (int dependency :
                    boundary.template().dag().dependencies(node.origin().index())) {
                Node before = boundary.unitNode(dependency);
                if (before != null && mayBeThereBefore(node, before, journaled)) {
                    continue;
                }
                if (before == null || !before.isSettled()) {
                    throw new AssertionError("task %s (%s/%d) is there before its dependency %s (%s)"
                            .formatted(node, node.id(), node.seq(), before, before == null ? "" : before.seq()));
                }
            }
        }
    }

    /**
     * What a task led to stays when the task only runs again for a hook of its own; what was left out because of it doesn't.
     */
    private static boolean mayBeThereBefore(Node node, Node before, Journaled journaled) {
        boolean wasThere = node.seq() <= journaled.youngestWhenReopened.getOrDefault(before.seq(), -1);
        return wasThere && node.phase() != NodePhase.OMITTED;
    }

    private static void parallelismIsKept(Run run) {
        Long limit = run.parallelism();
        if (limit == null) {
            return;
        }
        List<Node> active = new ArrayList<>();
        for (Node node : run.nodes()) {
            if (node.type() == NodeType.POD && !node.isFinal() && !node.lacksLocks() && !isOfHook(node)) {
                active.add(node);
            }
        }
        if (active.size() > Math.max(limit, 0)) {
            throw new AssertionError(active.size() + " pods are active where parallelism is " + limit + ": " + active);
        }
    }

    private static boolean isOfHook(Node node) {
        for (Node at = node; at != null; at = at.parent()) {
            if (at.isHook()) {
                return true;
            }
        }
        return false;
    }

    private void locksAreKept() {
        Map<LockRequest, List<String>> holders = new HashMap<>();
        workflows.forEach((uid, journaled) -> {
            RunRecord run = journaled.run;
            if (run == null) {
                return;
            }
            held(run.lock())
                    .forEach(lock -> holders.computeIfAbsent(lock, _ -> new ArrayList<>())
                            .add(uid));
            journaled
                    .nodes
                    .values()
                    .forEach(node -> heldBy(node)
                            .forEach(lock -> holders.computeIfAbsent(lock, _ -> new ArrayList<>())
                                    .add(node.name())));
        });
        holders.forEach((lock, names) -> {
            if (names.size() > limits.applyAsInt(lock.kind())) {
                throw new AssertionError(lock + " is held by " + names);
            }
        });
    }

    /** What it must have to itself, whatever it thinks of that: one that goes on has what it ever held. */
    private static List<LockRequest> heldBy(NodeRecord node) {
        LockClaim claim = node.lock();
        if (claim == null || claim.state() != LockClaim.State.RELEASED || hasEnded(node)) {
            return held(claim);
        }
        return claim.requests();
    }

    private static List<LockRequest> held(@Nullable LockClaim claim) {
        return claim != null && claim.state() == LockClaim.State.HELD ? claim.requests() : List.of();
    }

    // --- the end ---

    /** Every pod of a workflow that has ended has ended as well. */
    void nothingIsLeft(SimulatedCluster cluster) {
        for (Pod pod : cluster.pods.list()) {
            if (!SimulatedCluster.hasEnded(pod)) {
                throw new AssertionError("pod " + pod.getMetadata().getName() + " runs though its workflow has ended");
            }
        }
    }

    /** Whoever looks for pods that are still of use finds none: those that stay are labelled, and nothing keeps them from going. */
    void podsAreTidy(SimulatedCluster cluster) {
        for (Pod pod : cluster.pods.list()) {
            String uid = SimulatedCluster.workflowUid(pod);
            if (uid != null && !of(uid).isDeleted && !pod.getFinalizers().isEmpty()) {
                throw new AssertionError("pod " + pod.getMetadata().getName() + " is still held");
            }
            if (uid != null
                    && !of(uid).isDeleted
                    && !"true".equals(pod.getMetadata().getLabels().get(Names.LABEL_COMPLETED))) {
                throw new AssertionError("pod " + pod.getMetadata().getName() + " is not labelled as completed");
            }
        }
    }
}
