package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Rendering;
import io.tiphys.expression.Scope;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Global variables in the spec outside of templates: volumes, podSpecPatch, affinity and the like may say
 * {@code {{workflow.parameters.x}}}, or {@code {{inputs.parameters.x}}} for what goes into the pod of a node. Templates are rendered by the engine, node by node, and are left alone here. As in Argo,
 * a tag that means nothing stays as it is.
 */
final class SpecVariables {
    /** What a tag has in it that is another thing for each node. */
    private static final Pattern OF_NODES = Pattern.compile("\\b(inputs|steps|tasks)\\b|\\bpod\\.name\\b");

    private final WorkflowSpec spec;
    private final CompiledText text;
    private final boolean namesNodes;

    SpecVariables(WorkflowSpec spec) {
        this.spec = spec;
        this.text = CompiledText.compileJson(write(spec.withTemplates(List.of())));
        this.namesNodes = !text.isConstant() && OF_NODES.matcher(text.source()).find();
    }

    /** Whether this is about that very object. */
    @SuppressWarnings("ReferenceEquality") // specs are immutable and large: another object is worth no comparison
    boolean areOf(WorkflowSpec other) {
        return spec == other;
    }

    /** Whether there is nothing to fill in. */
    boolean isConstant() {
        return text.isConstant();
    }

    /** Whether something may be another thing for each node. */
    boolean namesNodes() {
        return namesNodes;
    }

    /** The spec with what the scope knows filled in; the same object when there is nothing to fill in. */
    WorkflowSpec fill(Scope workflow) {
        if (text.isConstant()) {
            return spec;
        }
        return switch (text.render(workflow)) {
            case Rendering.Rendered(var json) -> read(json);
            case Rendering.Unresolved(var _, var json) -> read(json);
            case Rendering.Failed _ -> spec;
        };
    }

    private WorkflowSpec read(String json) {
        try {
            return ApiJson.mapper().readValue(json, WorkflowSpec.class).withTemplates(spec.templates());
        } catch (JsonProcessingException e) {
            // a value of the wrong kind for its field: the pod is refused with the text as the user wrote it
            return spec;
        }
    }

    private static String write(WorkflowSpec spec) {
        try {
            return ApiJson.mapper().writeValueAsString(spec);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a spec that was read can't be written", e);
        }
    }
}
