package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.task.TaskMachine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From run to records and back. */
final class Records {
    private Records() {}

    static RunRecord of(Run run) {
        List<String> parameters = new ArrayList<>();
        for (Map.Entry<String, String> override : run.parameters.entrySet()) {
            parameters.add(override.getKey() + "=" + override.getValue());
        }
        return new RunRecord(
                run.phase,
                run.message,
                run.startedAt,
                run.finishedAt,
                run.shutdown,
                run.suspended,
                run.deadlinePassed,
                run.outputs(),
                parameters,
                run.activeDeadlineSeconds,
                run.parallelism,
                run.nextSeq(),
                run.metricsError,
                run.lock);
    }

    static NodeRecord of(Node node) {
        boolean leaf = Families.isExecutable(node.type);
        return new NodeRecord(
                node.seq,
                node.id(),
                node.name(),
                node.parent == null ? -1 : node.parent.seq,
                node.boundary == null ? -1 : node.boundary.seq,
                node.origin,
                node.type,
                node.phase,
                node.template == null ? null : node.template.key(),
                node.message,
                node.startedAt,
                node.finishedAt,
                node.inputs,
                node.outputs,
                node.hostName,
                node.podIp,
                leaf ? node.progressDone : 0,
                leaf ? node.progressTotal : 0,
                node.resultSynced,
                node.daemoned,
                node.onExit,
                node.settled,
                node.childrenComplete,
                node.reopened,
                node.podSeen,
                node.podEndRequested,
                node.endedPhase,
                node.endedMessage,
                node.endedAt,
                node.backoffUntil,
                node.memo,
                leaf ? node.resources : Map.of(),
                node.lock,
                node.podRestarts,
                node.restartedPod,
                node.podUid,
                node.template == null ? null : node.template.passingStructure());
    }

    static void load(Run run, RunRecord record, Collection<NodeRecord> nodes) {
        run.phase = record.phase();
        run.message = record.message();
        run.metricsError = record.metricsError();
        run.startedAt = record.startedAt();
        run.finishedAt = record.finishedAt();
        run.shutdown = record.shutdown();
        run.suspended = record.suspended();
        run.deadlinePassed = record.deadlinePassed();
        run.activeDeadlineSeconds = record.activeDeadlineSeconds();
        run.parallelism = record.parallelism();
        run.lock = record.lock();
        record.outputs().parameters().forEach(p -> run.globalParameters.put(p.name(), p));
        record.outputs().artifacts().forEach(a -> run.globalArtifacts.put(a.name(), a));
        for (String parameter : record.parameters()) {
            int equal = parameter.indexOf('=');
            run.parameters.put(parameter.substring(0, equal), parameter.substring(equal + 1));
        }
        List<NodeRecord> inOrder = new ArrayList<>(nodes);
        inOrder.sort(Comparator.comparingInt(NodeRecord::seq));
        for (NodeRecord node : inOrder) {
            if (node.parent() < 0
                    || run.at(node.parent()) != null) { // a record whose parent's got lost can't be placed
                Node read = read(run, node);
                run.enter(read, hashIn(run, read, node.id()));
            }
        }
        run.reserve(record.nextSeq());
        connect(run);
    }

    private static Node read(Run run, NodeRecord record) {
        Node node = new Node(
                run,
                record.seq(),
                run.at(record.parent()),
                run.at(record.boundary()),
                record.origin(),
                Templates.of(run, record.template(), record.inputs(), record.structure()),
                record.type(),
                record.onExit());
        node.phase = record.phase();
        node.message = record.message();
        node.startedAt = record.startedAt();
        node.finishedAt = record.finishedAt();
        node.inputs = record.inputs();
        node.outputs = record.outputs();
        node.hostName = record.hostName();
        node.podIp = record.podIp();
        node.progressDone = record.progressDone();
        node.progressTotal = record.progressTotal();
        node.resultSynced = record.resultSynced();
        node.daemoned = record.daemoned();
        node.settled = record.settled();
        node.childrenComplete = record.childrenComplete();
        node.reopened = record.reopened();
        node.podSeen = record.podSeen();
        node.podEndRequested = record.podEndRequested();
        node.endedPhase = record.endedPhase();
        node.endedMessage = record.endedMessage();
        node.endedAt = record.endedAt();
        node.backoffUntil = record.backoffUntil();
        node.memo = record.memo();
        node.resources = record.resources();
        node.podRestarts = record.podRestarts();
        node.restartedPod = record.restartedPod();
        node.podUid = record.podUid();
        node.lock = record.lock();
        return node;
    }

    private static int hashIn(Run run, Node node, String id) {
        int from = run.definition().name().length() + 1;
        try {
            return id.length() <= from ? NodeNames.hash(id) : Integer.parseUnsignedInt(id, from, id.length(), 10);
        } catch (NumberFormatException e) {
            return node.nameHash; // an adopted status may hold ids that nobody made from names
        }
    }

    /** Forgets all that follows from the nodes, and derives it anew. */
    static void rebuild(Run run) {
        run.work.clear();
        run.lockHolders.clear();
        run.activePods = 0;
        run.resources = Map.of();
        run.progressDone = 0;
        run.progressTotal = 0;
        run.entry = null;
        run.exit = null;
        for (Node node : run.nodes()) {
            node.family = null;
            node.links = null;
            node.queued = false;
            if (!Families.isExecutable(node.type)) {
                node.progressDone = 0;
                node.progressTotal = 0;
                node.resources = Map.of();
            }
        }
        connect(run);
    }

    private static void connect(Run run) {
        List<Node> nodes = run.nodes();
        for (Node node : nodes) {
            Families.attach(node);
            Families.countActive(node, 1);
            run.activePods += Families.takesPodSlot(node) ? 1 : 0;
            LockEvolution.track(node);
            if (node.daemoned && node.boundary != null) {
                node.boundary.makeFamily().addDaemon(node);
            }
            if (node.isHook() && node.isFulfilled() && node.parent != null) {
                node.parent.makeFamily().openHooks--;
            }
            if (Families.isExecutable(node.type)) {
                int done = node.progressDone;
                int total = node.progressTotal;
                node.progressDone = 0;
                node.progressTotal = 0;
                Totals.progress(node, done, total);
                Map<String, Long> used = node.resources;
                node.resources = Map.of();
                Totals.used(node, used);
            }
        }
        for (Node node : nodes) {
            if (node.settled && Families.isUnit(node)) {
                Families.countSettled(node);
            }
        }
        enqueueOpen(run);
        run.selfQueued = !run.phase.isFulfilled();
    }

    /** Everything that may have something to do goes on the work list, but not what stands below a node without its locks. */
    static void enqueueOpen(Run run) {
        Set<Node> locked = new HashSet<>();
        for (Node node : run.nodes()) {
            boolean below = !locked.isEmpty() && (isIn(locked, node.parent) || isIn(locked, node.boundary));
            if (below || node.lacksLocks()) {
                locked.add(node);
            }
            if (!below && needsAttention(node)) {
                run.enqueue(node);
            }
        }
    }

    private static boolean isIn(Set<Node> nodes, @Nullable Node node) {
        return node != null && nodes.contains(node);
    }

    private static boolean needsAttention(Node node) {
        if (node.type == NodeType.CONTAINER) {
            return false;
        }
        if (node.isFinal()) {
            // a final step or task that isn't settled has hooks to run, or crashed on the way to its parent
            return Families.isUnit(node) && !node.settled;
        }
        boolean isLeaf = node.type == NodeType.POD || TaskMachine.isTask(node);
        return !isLeaf || (node.phase == NodePhase.PENDING && !node.podSeen) || Families.needsHooks(node);
    }
}
