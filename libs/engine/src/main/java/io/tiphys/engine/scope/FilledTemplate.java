package io.tiphys.engine.scope;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Inputs;
import io.tiphys.api.Template;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Rendering;

/** A leaf's template with its inputs and every variable filled in, or why it can't be. */
public sealed interface FilledTemplate {
    record Filled(Template template) implements FilledTemplate {}

    record Problem(String message) implements FilledTemplate {}

    static FilledTemplate of(Node node) {
        CompiledTemplate compiled = node.template();
        if (compiled == null) {
            return new Problem("the node has no template");
        }
        Inputs inputs = node.inputs() == null ? Inputs.NONE : node.inputs();
        CompiledText body = compiled.body();
        if (body.isConstant()) {
            return new Filled(compiled.template().withInputs(inputs));
        }
        return switch (body.render(new PodScope(node))) {
            case Rendering.Failed(var message) -> new Problem(message);
            case Rendering.Rendered(var json) -> read(json, inputs);
            // Argo: tags that mean nothing here stay; the text may be meant for another tool
            case Rendering.Unresolved(var _, var json) -> read(json, inputs);
        };
    }

    private static FilledTemplate read(String json, Inputs inputs) {
        try {
            return new Filled(ApiJson.mapper().readValue(json, Template.class).withInputs(inputs));
        } catch (JsonProcessingException e) {
            return new Problem("template is not readable after substitution: " + e.getOriginalMessage());
        }
    }
}
