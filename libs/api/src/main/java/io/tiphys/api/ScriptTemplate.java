package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import org.jspecify.annotations.Nullable;

/** A container that runs the script in {@code source}. In JSON the container's own fields stand beside {@code source}. */
@ArgoType
@JsonSerialize(using = ScriptTemplate.Serializer.class)
@JsonDeserialize(using = ScriptTemplate.Deserializer.class)
public record ScriptTemplate(Container container, String source) implements ScriptTemplateBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // a builder that was given nothing passes null
    public ScriptTemplate {
        container = container == null ? new Container() : Frozen.container(container);
        source = source == null ? "" : source;
    }

    /** The container's name, empty if it has none. */
    public String name() {
        return container.getName() == null ? "" : container.getName();
    }

    /** Without a source it is a container like any other: nothing is staged, and its arguments stay as they are. */
    public boolean hasSource() {
        return !source.isEmpty();
    }

    static final class Serializer extends ExtendedContainer.Serializer<ScriptTemplate> {
        Serializer() {
            super(ScriptTemplate.class, ScriptTemplate::container);
        }

        @Override
        void addOwn(ScriptTemplate value, ObjectNode json) {
            if (value.hasSource()) {
                json.put("source", value.source());
            }
        }
    }

    static final class Deserializer extends ExtendedContainer.Deserializer<ScriptTemplate> {
        Deserializer() {
            super(ScriptTemplate.class, "source");
        }

        @Override
        ScriptTemplate of(Container container, @Nullable JsonNode own) {
            return new ScriptTemplate(container, own == null ? "" : own.asText());
        }
    }
}
