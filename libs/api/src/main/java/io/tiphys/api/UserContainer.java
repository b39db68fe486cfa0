package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import org.jspecify.annotations.Nullable;

/** A sidecar or init container. With {@code mirrorVolumeMounts} it gets main's volume mounts too. In JSON the container's own fields stand beside {@code mirrorVolumeMounts}. */
@ArgoType
@JsonSerialize(using = UserContainer.Serializer.class)
@JsonDeserialize(using = UserContainer.Deserializer.class)
public record UserContainer(Container container, boolean mirrorVolumeMounts) implements UserContainerBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // a builder that was given nothing passes null
    public UserContainer {
        container = container == null ? new Container() : Frozen.container(container);
    }

    /** The container's name, empty if it has none. */
    public String name() {
        return container.getName() == null ? "" : container.getName();
    }

    static final class Serializer extends ExtendedContainer.Serializer<UserContainer> {
        Serializer() {
            super(UserContainer.class, UserContainer::container);
        }

        @Override
        void addOwn(UserContainer value, ObjectNode json) {
            if (value.mirrorVolumeMounts()) {
                json.put("mirrorVolumeMounts", true);
            }
        }
    }

    static final class Deserializer extends ExtendedContainer.Deserializer<UserContainer> {
        Deserializer() {
            super(UserContainer.class, "mirrorVolumeMounts");
        }

        @Override
        UserContainer of(Container container, @Nullable JsonNode own) {
            return new UserContainer(container, own != null && own.asBoolean());
        }
    }
}
