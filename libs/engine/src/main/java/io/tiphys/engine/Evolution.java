package io.tiphys.engine;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.definition.CompiledTemplate;
import org.jspecify.annotations.Nullable;

/** Applies facts to a run. Total and unconditional; what has to be looked at because of a fact goes on the work list. */
final class Evolution {
    private Evolution() {}

    static void apply(Run run, Event event) {
        switch (event) {
            case Event.NodeEvent nodeEvent -> applyToNode(run, nodeEvent);
            case Event.WorkflowPhaseChanged(var phase, var message, var at) -> {
                run.phase = phase;
                run.message = message;
                if (run.startedAt == 0 && phase != WorkflowPhase.PENDING) {
                    run.startedAt = at.toEpochMilli();
                }
                run.finishedAt = phase.isFulfilled() ? at.toEpochMilli() : 0;
                run.selfQueued = run.selfQueued || !phase.isFulfilled();
                run.selfDirty = true;
            }
            case Event.WorkflowReopened(var parameters, var at) -> {
                for (String parameter : parameters) {
                    int equal = parameter.indexOf('=');
                    run.parameters.put(parameter.substring(0, equal), parameter.substring(equal + 1));
                }
                run.phase = WorkflowPhase.RUNNING;
                run.message = null;
                run.startedAt = at.toEpochMilli();
                run.finishedAt = 0;
                run.shutdown = null;
                run.suspended = false;
                run.deadlinePassed = false;
                run.lock = LockEvolution.lapsed(run.lock);
                run.selfDirty = true;
                Records.rebuild(run);
            }
            case Event.NodesTakenOut _ -> {
                run.selfDirty = true;
                Records.rebuild(run);
            }
            case Event.ShutdownSet(var strategy) -> {
                run.shutdown = strategy;
                run.enqueueOpenComposites();
                run.selfDirty = true;
            }
            case Event.SuspendedSet(var suspended) -> {
                run.suspended = suspended;
                run.selfDirty = true;
            }
            case Event.SpecFieldsSet(var activeDeadlineSeconds, var parallelism) -> {
                run.activeDeadlineSeconds = activeDeadlineSeconds;
                run.parallelism = parallelism;
                run.selfQueued = true;
                run.selfDirty = true;
            }
            case Event.MetricsFailed(var message) -> {
                run.metricsError = message;
                run.selfDirty = true;
            }
            case Event.DeadlinePassed _ -> {
                run.deadlinePassed = true;
                run.enqueueOpenComposites();
                run.selfDirty = true;
            }
            case Event.GlobalOutputsAdded(var parameters, var artifacts) -> {
                for (Parameter parameter : parameters) {
                    run.globalParameters.put(parameter.name(), parameter);
                }
                for (Artifact artifact : artifacts) {
                    run.globalArtifacts.put(artifact.name(), artifact);
                }
                run.selfDirty = true;
            }
        }
    }

    private static void applyToNode(Run run, Event.NodeEvent event) {
        switch (event) {
            case Event.NodeAdded added -> add(run, added);
            case Event.Attended(var seq) -> attended(run, seq);
            case Event.LockEvent lock -> LockEvolution.apply(run, lock);
            case Event.NodePhaseChanged(var seq, var phase, var message, var at) ->
                move(run.get(seq), phase, message, at.toEpochMilli());
            case Event.MemoChanged(var seq, var memo) -> {
                Node node = touched(run, seq);
                node.memo = memo;
                if (memo.state() == Memo.State.MISSED && !node.phase.isFulfilled()) {
                    run.enqueue(node);
                }
            }
            case Event.ResourcesUsed(var seq, var seconds) -> Families.used(touched(run, seq), seconds);
            case Event.NodeMessageChanged(var seq, var message) -> touched(run, seq).message = message;
            case Event.PodPlaced(var seq, var hostName, var podIp) -> {
                Node node = touched(run, seq);
                node.podSeen = true;
                node.hostName = hostName;
                node.podIp = podIp;
            }
            case Event.PodRestarted(var seq, var podUid, var message, var at) -> {
                Node node = touched(run, seq);
                move(node, NodePhase.PENDING, message, at.toEpochMilli());
                node.podSeen = false;
                node.podRestarts++;
                node.restartedPod = podUid;
            }
            case Event.NodeOutputsChanged(var seq, var outputs) -> touched(run, seq).outputs = outputs;
            case Event.NodeProgressed(var seq, var done, var total) ->
                Families.progress(touched(run, seq), done, total);
            case Event.TaskResultSynced(var seq, var complete) -> touched(run, seq).resultSynced = complete;
            case Event.NodeDaemoned(var seq, var daemoned) -> daemoned(touched(run, seq), daemoned);
            case Event.ChildrenComplete(var seq) -> {
                Node node = touched(run, seq);
                node.childrenComplete = true;
                node.reopened = false;
                wakeBlocked(node.boundary);
                if (node.makeFamily().open == 0) {
                    run.enqueue(node);
                }
            }
            case Event.NodeSettled(var seq) -> settle(touched(run, seq));
            case Event.NodeBlocked(var seq, var slot) -> {
                Node node = run.get(seq);
                switch (slot) {
                    case WORKFLOW -> run.waiting.add(node);
                    case BOUNDARY -> block(node, boundaryOf(node));
                }
            }
            case Event.BackoffStarted(var seq, var until) -> touched(run, seq).backoffUntil = until.toEpochMilli();
            case Event.PodEnded(var seq, var phase, var message, var at) -> {
                Node node = touched(run, seq);
                node.endedPhase = phase;
                node.endedMessage = message;
                node.endedAt = at.toEpochMilli();
            }
            case Event.PodEndRequested(var seq, var _) -> touched(run, seq).podEndRequested = true;
            case Event.NodeRemoved(var seq) -> run.remove(run.get(seq));
            case Event.NodeReopened(var seq, var at) -> reopen(touched(run, seq), at.toEpochMilli());
        }
    }

    private static void add(Run run, Event.NodeAdded e) {
        Node parent = run.at(e.parent());
        Node boundary = run.at(e.boundary());
        CompiledTemplate template =
                e.template() == null ? null : run.definition().byKey(e.template());
        Node node = new Node(run, e.node(), parent, boundary, e.origin(), template, e.type(), e.onExit());
        node.phase = e.phase();
        node.message = e.message();
        node.inputs = e.inputs();
        node.startedAt = e.at().toEpochMilli();
        run.enter(node);
        run.touch(node);
        Families.attach(node);
        Families.countActive(node, 1);
        run.activePods += Families.takesPodSlot(node) ? 1 : 0;
        if (Families.isExecutable(node.type)) {
            Families.progress(node, 0, 1);
        }
        if (node.phase.isFulfilled()) {
            node.finishedAt = node.startedAt;
            finished(node);
        } else if (node.type != NodeType.CONTAINER) {
            run.enqueue(node);
        }
        if (node == run.entry) {
            run.selfQueued = true;
        }
    }

    private static void attended(Run run, int seq) {
        if (seq < 0) {
            run.selfQueued = false;
            return;
        }
        Node node = run.get(seq);
        node.woken = node.woken && node.queued;
        if (node.queued) {
            node.queued = false;
            if (run.agenda.peek() == node) {
                run.agenda.remove();
            } else {
                run.agenda.remove(node);
            }
        }
        run.waiting.remove(node);
        if (node.woken) {
            wakeIfRoom(boundaryOf(node)); // it may not need the slot; whoever comes too early keeps its place
        }
    }

    private static void move(Node node, NodePhase phase, @Nullable String message, long at) {
        Run run = node.run;
        run.touch(node);
        boolean wasFinal = node.phase.isFulfilled();
        boolean hadSlot = Families.takesPodSlot(node);
        node.phase = phase;
        node.message = message;
        if (!phase.isFulfilled()) {
            if (Families.needsHooks(node)) {
                run.enqueue(node);
            }
            if (node == run.entry) {
                run.selfQueued = true;
            }
        } else if (!wasFinal) {
            node.finishedAt = at;
            node.endedPhase = null;
            node.endedMessage = null;
            Families.countActive(node, -1);
            run.activePods -= hadSlot ? 1 : 0;
            run.waiting.remove(node);
            if (node.boundary != null && node.boundary.family != null) {
                node.boundary.family.blocked.remove(node);
            }
            wakeBlocked(node.boundary);
            finished(node);
        }
    }

    /** Tells whoever waits for the node that it is final. */
    private static void finished(Node node) {
        Run run = node.run;
        Families.finishProgress(node);
        Node parent = node.parent;
        switch (node.origin.kind()) {
            case ENTRY -> run.selfQueued = true;
            case STEP, TASK, ITEM -> {
                if (Families.needsHooks(node)) {
                    run.enqueue(node);
                } else {
                    settle(node);
                }
            }
            case STEP_GROUP, ATTEMPT -> {
                if (parent != null) {
                    run.enqueue(parent);
                }
            }
            case HOOK, EXIT_HOOK -> {
                if (parent != null) {
                    parent.makeFamily().openHooks--;
                    if (node.boundary == null && parent == run.entry) {
                        run.selfQueued = true;
                    } else {
                        run.enqueue(parent);
                    }
                }
            }
            case CONTAINER -> {}
        }
        if (node.boundary == null && parent != null && parent == run.entry) {
            run.selfQueued = true;
        }
    }

    private static void daemoned(Node node, boolean daemoned) {
        if (node.daemoned != daemoned && node.boundary != null) {
            if (daemoned) {
                node.boundary.makeFamily().addDaemon(node);
            } else {
                node.boundary.makeFamily().removeDaemon(node);
            }
        }
        if (node.daemoned != daemoned && node.isHook() && node.parent != null) {
            node.parent.makeFamily().openHooks += daemoned ? -1 : 1; // a daemon that is ready is all that a hook can be
        }
        node.daemoned = daemoned;
        if (daemoned) {
            if (node.isAttempt() && node.parent != null) {
                node.run.enqueue(node.parent);
            } else if (Families.needsHooks(node)) {
                node.run.enqueue(node);
            } else {
                settle(node);
            }
            if (node.isHook() && node.parent != null) {
                node.run.enqueue(node.parent);
            }
            node.run.selfQueued |= node.boundary == null;
        }
    }

    private static void settle(Node node) {
        if (node.settled) {
            return;
        }
        node.settled = true;
        Node parent = node.parent;
        if (parent == null || !Families.isUnit(node)) {
            return;
        }
        Families.countSettled(node);
        Family family = parent.makeFamily();
        if (family.open == 0 || (family.dag != null && !family.dag.ready.isEmpty())) {
            node.run.enqueue(parent);
        }
    }

    private static void wakeBlocked(@Nullable Node boundary) {
        if (boundary != null && boundary.family != null && !boundary.family.blocked.isEmpty()) {
            Node first = boundary.family.blocked.removeFirst();
            first.woken = true;
            boundary.run.enqueue(first);
        }
    }

    private static void wakeIfRoom(Node boundary) {
        Family family = boundary.family;
        Long limit = boundary.template == null ? null : boundary.template.parallelism();
        if (family != null && limit != null && family.active < limit) {
            wakeBlocked(boundary);
        }
    }

    private static void reopen(Node node, long at) {
        node.settled = false;
        if (Families.isExecutable(node.type) || node.type == NodeType.SKIPPED) {
            return; // it did its work, or never will; only its hooks run again
        }
        if (!node.phase.isFulfilled()) {
            node.childrenComplete = false;
            node.reopened = true;
            return; // it is open and goes on, with its locks and since it began
        }
        node.phase = NodePhase.RUNNING;
        node.message = null;
        node.startedAt = at;
        node.finishedAt = 0;
        node.outputs = null;
        node.childrenComplete = false;
        node.reopened = true;
        node.backoffUntil = 0;
        node.podEndRequested = false;
        node.memo = null;
        node.lock = LockEvolution.lapsed(node.lock);
    }

    /** A decision counts what it means to begin; what then doesn't begin at once leaves the slot to whoever waits. */
    private static void block(Node node, Node boundary) {
        Family family = boundary.makeFamily();
        Long limit = boundary.template == null ? null : boundary.template.parallelism();
        if (limit == null || family.active < limit) {
            node.run.enqueue(node);
        } else if (node.woken) {
            family.blocked.addFirst(node);
        } else {
            family.blocked.add(node);
        }
        node.woken = false;
    }

    private static Node boundaryOf(Node node) {
        if (node.type == NodeType.DAG || node.type == NodeType.STEPS) {
            return node;
        }
        if (node.boundary == null) {
            throw new IllegalStateException(node + " has no boundary to wait for");
        }
        return node.boundary;
    }

    private static Node touched(Run run, int seq) {
        Node node = run.get(seq);
        run.touch(node);
        return node;
    }
}
