package io.tiphys.testkit;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.api.Template;
import io.tiphys.engine.Input;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the agent says of one HTTP or plugin node. */
public final class TaskStory {
    private final Scenario scenario;
    private final String nodeId;
    private final Template template;

    TaskStory(Scenario scenario, String nodeId, Template template) {
        this.scenario = scenario;
        this.nodeId = nodeId;
        this.template = template;
    }

    /** The template as the agent got it. */
    public Template template() {
        return template;
    }

    public Scenario succeeds() {
        return ends(NodePhase.SUCCEEDED, null, Outputs.NONE);
    }

    /** Succeeds with this body or result. */
    public Scenario answers(String result) {
        return ends(NodePhase.SUCCEEDED, null, new Outputs(List.of(), List.of(), result, null));
    }

    public Scenario fails(String message) {
        return ends(NodePhase.FAILED, message, null);
    }

    public Scenario errs(String message) {
        return ends(NodePhase.ERROR, message, null);
    }

    public Scenario ends(NodePhase phase, @Nullable String message, @Nullable Outputs outputs) {
        return says(phase, message, outputs, null);
    }

    /** A plugin that isn't done yet. */
    public Scenario goesOn(String message, @Nullable String progress) {
        return says(NodePhase.RUNNING, message, null, progress);
    }

    private Scenario says(
            NodePhase phase, @Nullable String message, @Nullable Outputs outputs, @Nullable String progress) {
        return scenario.input(new Input.TaskResultReceived(
                nodeId, outputs, phase, message, progress, phase.isFulfilled(), scenario.now()));
    }
}
