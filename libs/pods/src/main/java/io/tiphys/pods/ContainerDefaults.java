package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.tiphys.api.ApiJson;
import org.jspecify.annotations.Nullable;

/** The operator's {@code mainContainer}: what every main container has where its template says nothing. */
final class ContainerDefaults {
    private static final ObjectMapper JSON = ApiJson.mapper();

    private ContainerDefaults() {}

    static Container merge(@Nullable Container defaults, Container container) {
        if (defaults == null) {
            return container;
        }
        JsonNode own = JSON.valueToTree(container);
        try {
            return JSON.treeToValue(StrategicMerge.merge(JSON.valueToTree(defaults), own), Container.class);
        } catch (JsonProcessingException e) {
            throw new PodRefusedException("the setting main-container doesn't fit container \"%s\": %s"
                    .formatted(container.getName(), e.getOriginalMessage()));
        }
    }
}
