package io.tiphys.engine.pod;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Template;
import io.tiphys.engine.Command;
import io.tiphys.engine.Containers;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.TemplateKind;
import io.tiphys.engine.launch.Faults;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A node that is a pod: {@code Pending} (ordered) → {@code Running} → ended. A pod with an executor ends for us when the
 * executor's report is complete ({@link PodReports}).
 */
public final class PodMachine {
    private PodMachine() {}

    /** Orders the pod of a node that has none yet. */
    public static void order(Draft draft, Node node) {
        if (node.phase() != NodePhase.PENDING || node.isPodSeen() || node.isPodEndRequested()) {
            return;
        }
        switch (PodOrders.of(node)) {
            case PodOrders.Outcome.Problem(var message) ->
                draft.add(new Event.NodePhaseChanged(
                        node.seq(), NodePhase.ERROR, Faults.told(node, message), draft.at()));
            case PodOrders.Outcome.Order(var command) -> {
                if (node.template() != null && Containers.of(node).isEmpty()) {
                    ContainerSet.add(draft, node, node.template());
                }
                PodProgress.toBeginWith(draft, node, command.template());
                draft.add(command);
                timers(node, command.template()).forEach(draft::add);
            }
        }
    }

    /** Starts the clocks of a node that isn't ordered yet: waiting for locks counts. */
    public static void startTimers(Draft draft, Node node) {
        Template template = node.template() == null ? null : node.template().template();
        if (template != null
                && (template.timeout() != null || template.pendingTimeout() != null)
                && PodOrders.of(node) instanceof PodOrders.Outcome.Order(var command)) {
            timers(node, command.template()).forEach(draft::add);
        }
    }

    static List<Command> timers(Node node, Template template) {
        List<Command> timers = new ArrayList<>();
        Instant timeout = PodOrders.after(node.startedAt(), template.timeout());
        if (timeout != null) {
            timers.add(new Command.StartTimer(TimerKey.timeout(node), timeout));
        }
        Instant pending = PodOrders.after(node.startedAt(), template.pendingTimeout());
        if (pending != null) {
            timers.add(new Command.StartTimer(TimerKey.pendingTimeout(node), pending));
        }
        return timers;
    }

    public static void observe(Draft draft, Node node, PodFacts pod) {
        if (node.type() != NodeType.POD || node.isFinal()) {
            return;
        }
        if (pod.podUid() != null && pod.podUid().equals(node.restartedPod())) {
            return; // it was given up for a new one
        }
        if (pod.deleted()) {
            gone(draft, node);
            return;
        }
        place(draft, node, pod);
        if (!pod.resources().isEmpty() && node.resources().isEmpty()) {
            draft.add(new Event.ResourcesUsed(node.seq(), pod.resources()));
        }
        ContainerSet.observe(draft, node, pod);
        switch (pod.phase()) {
            case PENDING -> {
                String reason = PodOutcome.pendingReason(pod);
                if (node.phase() == NodePhase.PENDING && !Objects.equals(reason, node.message())) {
                    draft.add(new Event.NodeMessageChanged(node.seq(), reason));
                }
            }
            case RUNNING -> {
                running(draft, node, pod);
                if (!isDaemon(node) && InjectedContainers.areAllThatIsLeft(node, pod)) {
                    outlivedByInjected(draft, node, InjectedContainers.without(node, pod));
                }
            }
            case SUCCEEDED, FAILED -> ended(draft, node, pod);
            case UNKNOWN ->
                PodEnding.end(
                        draft,
                        node,
                        NodePhase.ERROR,
                        "Unexpected pod phase for " + pod.podName() + ": Unknown",
                        draft.at());
        }
    }

    private static void place(Draft draft, Node node, PodFacts pod) {
        boolean daemon = isDaemon(node);
        // Argo shows the address of daemons only: others would be written for nobody
        String ip = daemon && pod.podIp() != null ? pod.podIp() : node.podIp();
        String host = pod.hostName() == null ? node.hostName() : pod.hostName();
        String uid = pod.podUid() == null ? node.podUid() : pod.podUid();
        boolean isSame = Objects.equals(uid, node.podUid())
                && Objects.equals(ip, node.podIp())
                && Objects.equals(host, node.hostName());
        if (!node.isPodSeen() || !isSame) {
            draft.add(new Event.PodPlaced(node.seq(), uid, host, ip));
        }
    }

    private static void running(Draft draft, Node node, PodFacts pod) {
        if (isDaemon(node)) {
            boolean ready = pod.containers().stream()
                    .filter(container ->
                            container.role() == PodFacts.Role.MAIN || container.role() == PodFacts.Role.SIDECAR)
                    .allMatch(ContainerFacts::ready);
            if (!ready || node.isDaemoned()) {
                return;
            }
            draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.RUNNING, null, draft.at()));
            draft.add(new Event.NodeDaemoned(node.seq(), true));
        } else if (node.phase() == NodePhase.PENDING) {
            draft.add(new Event.NodePhaseChanged(node.seq(), NodePhase.RUNNING, null, draft.at()));
        }
    }

    private static boolean isDaemon(Node node) {
        return node.template() != null && node.template().isDaemon();
    }

    /** The node ends as its pod would have; then the pod goes, too. */
    private static void outlivedByInjected(Draft draft, Node node, PodFacts pod) {
        if (node.isPodEndRequested()) {
            return; // its report is on the way
        }
        draft.add(new Event.PodEndRequested(node.seq(), PodEnding.OUTLIVED));
        ended(draft, node, pod);
        if (draft.ends(node)) {
            PodEnding.endOutlived(draft, node);
        }
    }

    private static void ended(Draft draft, Node node, PodFacts pod) {
        PodOutcome outcome = PodOutcome.of(pod, isDaemon(node));
        Integer exitCode = PodOutcome.exitCode(pod);
        Outputs outputs = node.outputs();
        if (exitCode != null && (outputs == null || outputs.exitCode() == null)) {
            outputs = (outputs == null ? Outputs.NONE : outputs).withExitCode(exitCode.toString());
            draft.add(new Event.NodeOutputsChanged(node.seq(), outputs));
        }
        Instant finished = PodOutcome.finishedAt(pod);
        Instant at = finished == null ? draft.at() : finished;
        boolean reports = PodOutcome.hasExecutor(pod) || (isWorker(node) && outcome.phase() == NodePhase.SUCCEEDED);
        boolean reportComing = reports && !Boolean.TRUE.equals(node.resultSynced()) && !"Evicted".equals(pod.reason());
        NodePhase reported = node.endedPhase();
        boolean executorKnowsBetter =
                reported != null && (outcome.byExecutor() || outcome.phase() == NodePhase.SUCCEEDED);
        NodePhase phase = executorKnowsBetter && reported != null ? reported : outcome.phase();
        String message = executorKnowsBetter ? node.endedMessage() : outcome.message();
        if (!reportComing) {
            End end = new End(phase, message);
            PodEnding.end(
                    draft, node, PodOutcome.hasExecutor(pod) ? DeclaredOutputs.settle(draft, node, end) : end, at);
        } else if (node.endedAt() == 0) {
            draft.add(new Event.PodEnded(node.seq(), phase, message, at));
            draft.add(new Command.StartTimer(TimerKey.result(node), draft.at().plus(PodReports.GRACE)));
        }
    }

    /** Whether the executor itself is the pod's main: it reports before it succeeds, and its failure is a container's like any other. */
    private static boolean isWorker(Node node) {
        CompiledTemplate template = node.template();
        return template != null && (template.kind() == TemplateKind.RESOURCE || template.kind() == TemplateKind.DATA);
    }

    private static void gone(Draft draft, Node node) {
        if (!node.isPodSeen()) {
            return; // a pod that never was seen can't be missed; its order still stands
        }
        NodePhase ended = node.endedPhase();
        if (ended != null && node.endedAt() > 0) {
            return; // it ended in time, its report is still on the way
        }
        if (node.phase() == NodePhase.PENDING && !node.isPodEndRequested()) {
            again(draft, node, Objects.requireNonNullElse(node.podUid(), ""), "pod deleted before it ran");
            return;
        }
        ContainerSet.end(draft, node, NodePhase.ERROR, "container deleted", draft.at());
        PodEnding.end(draft, node, NodePhase.ERROR, "pod deleted", draft.at());
    }

    /** A pending node ran out of the time that its template gives it. */
    public static void timedOut(Draft draft, Node node) {
        if (node.phase() == NodePhase.PENDING) {
            stop(draft, node, Faults.TIMEOUT, Command.EndPod.How.DELETE);
        }
    }

    /** Ends a node and its pod from outside. */
    public static void stop(Draft draft, Node node, String message, Command.EndPod.How how) {
        draft.add(new Event.PodEndRequested(node.seq(), message));
        PodEnding.end(draft, node, NodePhase.FAILED, message, draft.at());
        draft.add(new Command.EndPod(node.id(), node.podName(), how, message));
    }

    /** Orders the pod of a node once more, as if it had never been there (Argo: docs/pod-restarts.md). */
    public static void restart(Draft draft, Node node, String podUid, String message) {
        if (node.type() != NodeType.POD
                || node.isFinal()
                || !node.isPodSeen()
                || node.isPodEndRequested()
                || podUid.equals(node.restartedPod())) {
            return;
        }
        again(draft, node, podUid, message);
    }

    private static void again(Draft draft, Node node, String podUid, String message) {
        draft.add(new Event.PodRestarted(node.seq(), podUid, message, draft.at()));
        if (PodOrders.of(node) instanceof PodOrders.Outcome.Order(var command)) {
            draft.add(command);
        }
    }

    public static void refused(Draft draft, Node node, String message, boolean isTransient) {
        if (node.phase() != NodePhase.PENDING || node.isPodSeen()) {
            return;
        }
        if (!isTransient) {
            PodEnding.end(draft, node, NodePhase.ERROR, Faults.told(node, message), draft.at());
        } else if (!message.equals(node.message())) {
            draft.add(new Event.NodeMessageChanged(node.seq(), message));
        }
    }
}
