package io.tiphys.engine.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Sequence;
import io.tiphys.expression.CompiledText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a step or task is multiplied. */
public sealed interface Loop {

    /** {@code withItems}; {@code document} is the list as JSON when it holds tags, else null and {@code items} count. */
    record Items(List<JsonNode> items, @Nullable CompiledText document) implements Loop {}

    /** {@code withParam}: a JSON list that is known at run time. */
    record Param(CompiledText json) implements Loop {}

    /** {@code withSequence}. */
    record Numbers(
            @Nullable CompiledText count,
            @Nullable CompiledText start,
            @Nullable CompiledText end,
            @Nullable CompiledText format)
            implements Loop {}

    static @Nullable Loop of(
            @Nullable List<JsonNode> withItems, @Nullable String withParam, @Nullable Sequence withSequence) {
        if (withItems != null && !withItems.isEmpty()) {
            CompiledText document = CompiledText.compileJson(json(withItems));
            return new Items(withItems, document.isConstant() ? null : document);
        }
        if (withParam != null && !withParam.isEmpty()) {
            return new Param(CompiledText.compile(withParam));
        }
        if (withSequence != null) {
            return new Numbers(
                    text(withSequence.count()),
                    text(withSequence.start()),
                    text(withSequence.end()),
                    withSequence.format() == null ? null : CompiledText.compile(withSequence.format()));
        }
        return null; // Argo: an empty withItems is none
    }

    private static @Nullable CompiledText text(@Nullable IntOrString value) {
        if (value == null) {
            return null;
        }
        String text = value.getStrVal() != null ? value.getStrVal() : String.valueOf(value.getIntVal());
        return text.isEmpty() ? null : CompiledText.compile(text);
    }

    private static String json(List<JsonNode> items) {
        try {
            return ApiJson.mapper().writeValueAsString(items);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("withItems can't be written as JSON", e);
        }
    }
}
