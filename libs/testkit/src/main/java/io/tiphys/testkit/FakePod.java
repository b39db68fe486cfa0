package io.tiphys.testkit;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodePhase;
import io.tiphys.api.OSSArtifact;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.api.Template;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod that somebody ordered, and what can be seen of it. */
public final class FakePod {
    private final Command.EnsurePod order;
    private boolean ended;
    private boolean ready;

    public FakePod(Command.EnsurePod order) {
        this.order = order;
    }

    /** The same pod in another course of events. */
    FakePod copy() {
        FakePod copy = new FakePod(order);
        copy.ended = ended;
        copy.ready = ready;
        return copy;
    }

    public Command.EnsurePod order() {
        return order;
    }

    public boolean hasEnded() {
        return ended;
    }

    public void end() {
        ended = true;
    }

    /** A daemon that runs for good. */
    public boolean isReadyDaemon() {
        return ready && Boolean.TRUE.equals(order.template().daemon());
    }

    public Input pending(String reason, Instant at) {
        return observed(PodPhase.PENDING, null, reason, List.of(), at);
    }

    public Input running(boolean isReady, Instant at) {
        ready = isReady;
        ContainerFacts main =
                new ContainerFacts("main", Role.MAIN, ContainerState.RUNNING, isReady, null, null, null, at, null);
        return observed(PodPhase.RUNNING, null, null, withExecutor(main, null, at), at);
    }

    /** The pod ended by itself, main with this exit code. */
    public Input exited(int code, @Nullable String reason, @Nullable String message, Instant at) {
        ended = true;
        String why = reason != null ? reason : code == 0 ? "Completed" : "Error";
        ContainerFacts main =
                new ContainerFacts("main", Role.MAIN, ContainerState.TERMINATED, false, why, message, code, at, at);
        return observed(code == 0 ? PodPhase.SUCCEEDED : PodPhase.FAILED, null, null, withExecutor(main, 0, at), at);
    }

    public Input evicted(String message, Instant at) {
        ended = true;
        return observed(PodPhase.FAILED, "Evicted", message, List.of(), at);
    }

    public Input deleted(Instant at) {
        ended = true;
        return new Input.PodObserved(order.nodeId(), PodFacts.gone(order.podName()), at);
    }

    public Input report(Outputs outputs, @Nullable NodePhase phase, @Nullable String message, Instant at) {
        return new Input.TaskResultReceived(order.nodeId(), outputs, phase, message, null, true, at);
    }

    public Input progress(String progress, Instant at) {
        return new Input.TaskResultReceived(order.nodeId(), null, null, null, progress, false, at);
    }

    /** What the executor would report if every declared output is there. */
    public Outputs outputs(Map<String, String> values, @Nullable String result) {
        Template template = order.template();
        List<Parameter> parameters = new ArrayList<>();
        for (Parameter declared : template.outputs().parameters()) {
            parameters.add(declared.withValue(values.getOrDefault(declared.name(), "value of " + declared.name())));
        }
        List<Artifact> artifacts = new ArrayList<>();
        for (Artifact declared : template.outputs().artifacts()) {
            String key = order.podName() + "/" + declared.name() + ".tgz";
            artifacts.add(declared.withOss(new OSSArtifact(null, "bucket", null, null, false, null, null, false, key)));
        }
        return new Outputs(parameters, artifacts, order.includeResult() ? (result == null ? "" : result) : null, null);
    }

    private List<ContainerFacts> withExecutor(ContainerFacts main, @Nullable Integer executorExit, Instant at) {
        if (!order.movesData()) {
            return List.of(main);
        }
        ContainerState state = executorExit == null ? ContainerState.RUNNING : ContainerState.TERMINATED;
        return List.of(
                new ContainerFacts(
                        "executor", Role.EXECUTOR, state, executorExit == null, null, null, executorExit, at, null),
                main);
    }

    private Input observed(
            PodPhase phase,
            @Nullable String reason,
            @Nullable String message,
            List<ContainerFacts> containers,
            Instant at) {
        return new Input.PodObserved(
                order.nodeId(),
                new PodFacts(order.podName(), phase, reason, message, "host-1", "10.0.0.1", at, containers, false),
                at);
    }
}
