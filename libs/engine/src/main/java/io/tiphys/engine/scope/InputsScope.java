package io.tiphys.engine.scope;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.Inputs;
import io.tiphys.api.Parameter;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables that start with {@code inputs.}, over those of the workflow. */
public final class InputsScope implements Scope {
    private static final String PARAMETERS = "inputs.parameters.";
    private static final String ARTIFACTS = "inputs.artifacts.";

    private final @Nullable Inputs inputs;
    private final Scope workflow;

    public InputsScope(@Nullable Inputs inputs, Scope workflow) {
        this.inputs = inputs;
        this.workflow = workflow;
    }

    @Override
    public @Nullable Object get(String name) {
        if (!name.startsWith("inputs.") || inputs == null) {
            return workflow.get(name);
        }
        if (name.startsWith(PARAMETERS)) {
            String key = name.substring(PARAMETERS.length());
            for (Parameter parameter : inputs.parameters()) {
                if (parameter.name().equals(key)) {
                    return parameter.value();
                }
            }
            return null;
        }
        if (name.equals("inputs.parameters")) {
            return json(inputs.parameters());
        }
        if (name.startsWith(ARTIFACTS)) {
            String key = name.substring(ARTIFACTS.length());
            boolean path = key.endsWith(".path");
            String artifactName = path ? key.substring(0, key.length() - ".path".length()) : key;
            for (Artifact artifact : inputs.artifacts()) {
                if (artifact.name().equals(artifactName)) {
                    return path ? artifact.path() : artifact;
                }
            }
        }
        return null;
    }

    @Override
    public @Nullable Instant now() {
        return workflow.now();
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(workflow.names());
        if (inputs != null) {
            inputs.parameters().forEach(parameter -> names.add(PARAMETERS + parameter.name()));
            inputs.artifacts().forEach(artifact -> names.add(ARTIFACTS + artifact.name()));
        }
        return names;
    }

    private static String json(List<Parameter> parameters) {
        try {
            return ApiJson.mapper().writeValueAsString(parameters);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
