package io.tiphys.engine;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.definition.CompiledTemplate;

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
            case Event.Attended(var seq) -> SlotEvolution.attended(run, seq);
            case Event.LockEvent lock -> LockEvolution.apply(run, lock);
            case Event.NodePhaseChanged(var seq, var phase, var message, var at) ->
                PhaseEvolution.move(run.get(seq), phase, message, at.toEpochMilli());
            case Event.MemoChanged(var seq, var memo) -> {
                Node node = touched(run, seq);
                node.memo = memo;
                if (memo.state() == Memo.State.MISSED && !node.phase.isFulfilled()) {
                    run.enqueue(node);
                }
            }
            case Event.ResourcesUsed(var seq, var seconds) -> Totals.used(touched(run, seq), seconds);
            case Event.NodeMessageChanged(var seq, var message) -> touched(run, seq).message = message;
            case Event.PodPlaced(var seq, var podUid, var hostName, var podIp) -> {
                Node node = touched(run, seq);
                node.podSeen = true;
                node.podUid = podUid;
                node.hostName = hostName;
                node.podIp = podIp;
            }
            case Event.PodRestarted(var seq, var podUid, var message, var at) -> {
                Node node = touched(run, seq);
                PhaseEvolution.move(node, NodePhase.PENDING, message, at.toEpochMilli());
                node.podSeen = false;
                node.podUid = null;
                node.podRestarts++;
                node.restartedPod = podUid;
            }
            case Event.NodeOutputsChanged(var seq, var outputs) -> touched(run, seq).outputs = outputs;
            case Event.NodeProgressed(var seq, var done, var total) -> Totals.progress(touched(run, seq), done, total);
            case Event.TaskResultSynced(var seq, var complete) -> touched(run, seq).resultSynced = complete;
            case Event.NodeDaemoned(var seq, var daemoned) -> PhaseEvolution.daemoned(touched(run, seq), daemoned);
            case Event.ChildrenComplete(var seq) -> {
                Node node = touched(run, seq);
                node.childrenComplete = true;
                node.reopened = false;
                SlotEvolution.wakeBlocked(node.boundary);
                if (node.makeFamily().open == 0) {
                    run.enqueue(node);
                }
            }
            case Event.ChildrenDeferred(var seq) -> run.enqueue(run.get(seq));
            case Event.NodeSettled(var seq) -> PhaseEvolution.settle(touched(run, seq));
            case Event.NodeBlocked(var seq, var slot) -> {
                Node node = run.get(seq);
                switch (slot) {
                    case WORKFLOW -> run.work.await(node);
                    case BOUNDARY -> SlotEvolution.block(node);
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
            case Event.NodeReopened(var seq, var at) -> PhaseEvolution.reopen(touched(run, seq), at.toEpochMilli());
        }
    }

    private static void add(Run run, Event.NodeAdded e) {
        Node parent = run.at(e.parent());
        Node boundary = run.at(e.boundary());
        CompiledTemplate template = Templates.of(run, e.template(), e.inputs());
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
            Totals.progress(node, 0, 1);
        }
        if (node.phase.isFulfilled()) {
            node.finishedAt = node.startedAt;
            PhaseEvolution.finished(node);
        } else if (node.type != NodeType.CONTAINER) {
            run.enqueue(node);
        }
        if (node == run.entry) {
            run.selfQueued = true;
        }
    }

    private static Node touched(Run run, int seq) {
        Node node = run.get(seq);
        run.touch(node);
        return node;
    }
}
