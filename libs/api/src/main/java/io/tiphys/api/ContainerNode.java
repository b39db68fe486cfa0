package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One container of a container set, started when those in {@code dependencies} have succeeded. In JSON the container's own fields stand beside {@code dependencies}. */
@ArgoType
@JsonSerialize(using = ContainerNode.Serializer.class)
@JsonDeserialize(using = ContainerNode.Deserializer.class)
public record ContainerNode(Container container, List<String> dependencies) implements ContainerNodeBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // a builder that was given nothing passes null
    public ContainerNode {
        container = container == null ? new Container() : Frozen.container(container);
        dependencies = Frozen.list(dependencies);
    }

    /** The container's name, empty if it has none. */
    public String name() {
        return container.getName() == null ? "" : container.getName();
    }

    static final class Serializer extends ExtendedContainer.Serializer<ContainerNode> {
        Serializer() {
            super(ContainerNode.class, ContainerNode::container);
        }

        @Override
        void addOwn(ContainerNode value, ObjectNode json) {
            if (!value.dependencies().isEmpty()) {
                value.dependencies().forEach(json.putArray("dependencies")::add);
            }
        }
    }

    static final class Deserializer extends ExtendedContainer.Deserializer<ContainerNode> {
        Deserializer() {
            super(ContainerNode.class, "dependencies");
        }

        @Override
        ContainerNode of(Container container, @Nullable JsonNode own) {
            return new ContainerNode(
                    container,
                    own == null
                            ? List.of()
                            : own.valueStream().map(JsonNode::asText).toList());
        }
    }
}
