package io.tiphys.engine.scope;

import io.tiphys.api.Artifact;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import java.util.ArrayList;
import java.util.List;

/** Outputs with a {@code globalName} become outputs of the workflow when their node completes. */
public final class GlobalOutputs {
    private GlobalOutputs() {}

    public static void add(Draft draft, Outputs outputs) {
        List<Parameter> parameters = new ArrayList<>();
        for (Parameter parameter : outputs.parameters()) {
            String global = parameter.globalName();
            if (global != null && !global.isEmpty() && parameter.value() != null) {
                parameters.add(parameter.withName(global).withGlobalName(null).withValueFrom(null));
            }
        }
        List<Artifact> artifacts = new ArrayList<>();
        for (Artifact artifact : outputs.artifacts()) {
            String global = artifact.globalName();
            if (global != null && !global.isEmpty()) {
                artifacts.add(artifact.withName(global).withGlobalName(null).withPath(null));
            }
        }
        if (!parameters.isEmpty() || !artifacts.isEmpty()) {
            draft.add(new Event.GlobalOutputsAdded(List.copyOf(parameters), List.copyOf(artifacts)));
        }
    }
}
