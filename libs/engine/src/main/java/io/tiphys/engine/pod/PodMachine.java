package io.tiphys.engine.pod;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.api.Template;
import io.tiphys.engine.Command;
import io.tiphys.engine.Containers;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.TemplateKind;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.scope.GlobalOutputs;
import io.tiphys.engine.scope.PodScope;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.CompiledText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A node that is a pod: {@code Pending} (ordered) → {@code Running} → ended. A pod with an executor ends for us when the
 * executor's report is complete; a report that doesn't come within a time of grace counts as lost.
 */
public final class PodMachine {
    private static final Duration RESULT_GRACE = Duration.ofSeconds(60);
    private static final String PROGRESS_SEPARATOR = "/";

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
            case RUNNING -> running(draft, node, pod);
            case SUCCEEDED, FAILED -> ended(draft, node, pod);
            case UNKNOWN ->
                end(
                        draft,
                        node,
                        NodePhase.ERROR,
                        "Unexpected pod phase for " + pod.podName() + ": Unknown",
                        draft.at());
        }
    }

    private static void place(Draft draft, Node node, PodFacts pod) {
        boolean daemon = node.template() != null && node.template().isDaemon();
        // Argo shows the address of daemons only: others would be written for nobody
        String ip = daemon && pod.podIp() != null ? pod.podIp() : node.podIp();
        String host = pod.hostName() == null ? node.hostName() : pod.hostName();
        if (!node.isPodSeen() || !Objects.equals(ip, node.podIp()) || !Objects.equals(host, node.hostName())) {
            draft.add(new Event.PodPlaced(node.seq(), host, ip));
        }
    }

    private static void running(Draft draft, Node node, PodFacts pod) {
        CompiledTemplate template = node.template();
        if (template != null && template.isDaemon()) {
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

    private static void ended(Draft draft, Node node, PodFacts pod) {
        boolean daemon = node.template() != null && node.template().isDaemon();
        PodOutcome outcome = PodOutcome.of(pod, daemon);
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
            end(draft, node, PodOutcome.hasExecutor(pod) ? DeclaredOutputs.settle(draft, node, end) : end, at);
        } else if (node.endedAt() == 0) {
            draft.add(new Event.PodEnded(node.seq(), phase, message, at));
            draft.add(new Command.StartTimer(TimerKey.result(node), draft.at().plus(RESULT_GRACE)));
        }
    }

    /** Whether the executor itself is the pod's main: it reports before it succeeds, and its failure is a container's like any other. */
    private static boolean isWorker(Node node) {
        CompiledTemplate template = node.template();
        return template != null && (template.kind() == TemplateKind.RESOURCE || template.kind() == TemplateKind.DATA);
    }

    private static void end(Draft draft, Node node, End end, Instant at) {
        end(draft, node, end.phase(), end.message(), at);
    }

    private static void end(Draft draft, Node node, NodePhase phase, @Nullable String message, Instant at) {
        if (node.isDaemoned()) {
            draft.add(new Event.NodeDaemoned(node.seq(), false));
        }
        ContainerSet.end(draft, node, phase, message, at);
        if (phase == NodePhase.SUCCEEDED) {
            writtenOutputs(draft, node);
        }
        draft.add(new Event.NodePhaseChanged(node.seq(), phase, message, at));
    }

    /** Output parameters whose value the template itself writes down: nobody needs to report them. */
    private static void writtenOutputs(Draft draft, Node node) {
        Outputs known = draft.outputsOf(node);
        List<Parameter> added = new ArrayList<>();
        for (Parameter declared : DeclaredOutputs.of(node).parameters()) {
            String value = declared.value();
            boolean reported = known != null
                    && known.parameters().stream()
                            .anyMatch(other -> other.name().equals(declared.name()));
            if (value != null
                    && !reported
                    && Texts.render(CompiledText.compile(value), new PodScope(node))
                            instanceof Texts.Outcome.Text(var text)) {
                added.add(declared.withValue(text));
            }
        }
        if (!added.isEmpty()) {
            Outputs base = known == null ? Outputs.NONE : known;
            added.addAll(0, base.parameters());
            Outputs outputs = base.withParameters(added);
            draft.add(new Event.NodeOutputsChanged(node.seq(), outputs));
            GlobalOutputs.add(draft, outputs);
        }
    }

    private static void gone(Draft draft, Node node) {
        if (!node.isPodSeen()) {
            return; // a pod that never was seen can't be missed; its order still stands
        }
        NodePhase ended = node.endedPhase();
        if (ended != null && node.endedAt() > 0) {
            return; // it ended in time, its report is still on the way
        }
        ContainerSet.end(draft, node, NodePhase.ERROR, "container deleted", draft.at());
        end(draft, node, NodePhase.ERROR, "pod deleted", draft.at());
    }

    /** The executor's report: outputs as they come, and the node's end when its pod was waiting for that. */
    public static void report(Draft draft, Node node, Input.TaskResultReceived result) {
        if (node.type() != NodeType.POD) {
            return;
        }
        Outputs outputs = result.outputs();
        if (outputs != null) {
            Outputs merged = merge(node, outputs);
            if (!merged.equals(node.outputs())) {
                draft.add(new Event.NodeOutputsChanged(node.seq(), merged));
                GlobalOutputs.add(draft, merged);
            }
        }
        progress(draft, node, result.progress());
        if (node.isFinal()) {
            return;
        }
        NodePhase phase = node.endedPhase();
        String message = node.endedMessage();
        NodePhase failure = result.phase();
        if (failure != null && failure.isFailedOrError() && mayKnowBetter(node, phase)) {
            phase = failure;
            message = result.message();
            if (node.endedAt() == 0) {
                draft.add(new Event.PodEnded(node.seq(), failure, message, Instant.EPOCH));
            }
        }
        boolean synced = Boolean.TRUE.equals(node.resultSynced());
        if (!synced && (result.complete() || node.resultSynced() == null)) {
            draft.add(new Event.TaskResultSynced(node.seq(), result.complete()));
        }
        if (result.complete() && node.endedAt() > 0 && phase != null) {
            draft.add(new Command.CancelTimer(TimerKey.result(node)));
            End end = DeclaredOutputs.settle(draft, node, new End(phase, message));
            end(draft, node, end, Instant.ofEpochMilli(node.endedAt()));
        }
    }

    /** Whether the executor's word counts: not against what main did by itself, but main may never have started. */
    private static boolean mayKnowBetter(Node node, @Nullable NodePhase ended) {
        Outputs outputs = node.outputs();
        return ended == null
                || ended == NodePhase.SUCCEEDED
                || (outputs != null && PodOutcome.GATE_CLOSED.toString().equals(outputs.exitCode()))
                || Containers.of(node).stream().anyMatch(container -> container.phase() == NodePhase.ERROR);
    }

    /** Takes what a leaf says of its own progress, {@code N/M}. */
    public static void progress(Draft draft, Node node, @Nullable String progress) {
        if (progress == null || node.isFinal()) {
            return;
        }
        String[] parts = progress.strip().split(PROGRESS_SEPARATOR, -1);
        try {
            int done = Integer.parseInt(parts[0]);
            int total = parts.length == 2 ? Integer.parseInt(parts[1]) : 0;
            boolean news = done != node.progressDone() || total != node.progressTotal();
            if (total > 0 && done >= 0 && done <= total && news) {
                draft.add(new Event.NodeProgressed(node.seq(), done, total));
            }
        } catch (NumberFormatException e) {
            return; // Argo: what isn't N/M is no progress
        }
    }

    /** What is known so far, what the template declares, and the report, the last one winning. */
    private static Outputs merge(Node node, Outputs report) {
        Outputs known = node.outputs() == null ? Outputs.NONE : node.outputs();
        Outputs declared = DeclaredOutputs.of(node);
        return new Outputs(
                report.parameters().isEmpty()
                        ? known.parameters()
                        : report.parameters().stream()
                                .map(parameter -> declaredAs(parameter, declared))
                                .toList(),
                report.artifacts().isEmpty()
                        ? known.artifacts()
                        : report.artifacts().stream()
                                .map(artifact -> declaredAs(artifact, declared))
                                .toList(),
                report.result() == null ? known.result() : report.result(),
                report.exitCode() == null ? known.exitCode() : report.exitCode());
    }

    private static Parameter declaredAs(Parameter parameter, Outputs declared) {
        for (Parameter known : declared.parameters()) {
            if (known.name().equals(parameter.name())) {
                return known.withValue(parameter.value());
            }
        }
        return parameter;
    }

    private static Artifact declaredAs(Artifact artifact, Outputs declared) {
        for (Artifact known : declared.artifacts()) {
            if (known.name().equals(artifact.name())) {
                return artifact.withGlobalName(known.globalName())
                        .withPath(artifact.path() == null ? known.path() : artifact.path())
                        .withOptional(known.optional())
                        .withArchive(known.archive())
                        .withArtifactGC(known.artifactGC());
            }
        }
        return artifact;
    }

    /** The executor's report didn't come in time. */
    public static void resultLost(Draft draft, Node node) {
        NodePhase phase = node.endedPhase();
        if (node.isFinal() || phase == null || node.endedAt() == 0) {
            return;
        }
        draft.add(new Event.TaskResultSynced(node.seq(), true));
        CompiledTemplate template = node.template();
        Outputs declared = template == null ? Outputs.NONE : template.template().outputs();
        boolean missing = !declared.parameters().isEmpty()
                || declared.artifacts().stream().anyMatch(artifact -> !artifact.optional());
        Instant at = Instant.ofEpochMilli(node.endedAt());
        if (phase == NodePhase.SUCCEEDED && missing) {
            end(draft, node, NodePhase.ERROR, "the outputs of the pod were never reported", at);
        } else {
            end(draft, node, phase, node.endedMessage(), at);
        }
    }

    /** A pending node ran out of the time that its template gives it. */
    public static void timedOut(Draft draft, Node node) {
        if (node.phase() == NodePhase.PENDING) {
            stop(draft, node, "timeout", Command.EndPod.How.DELETE);
        }
    }

    /** Ends a node and its pod from outside. */
    public static void stop(Draft draft, Node node, String message, Command.EndPod.How how) {
        draft.add(new Event.PodEndRequested(node.seq(), message));
        end(draft, node, NodePhase.FAILED, message, draft.at());
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
            end(draft, node, NodePhase.ERROR, Faults.told(node, message), draft.at());
        } else if (!message.equals(node.message())) {
            draft.add(new Event.NodeMessageChanged(node.seq(), message));
        }
    }
}
