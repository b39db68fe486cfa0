package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a pod ends where there are no pods.
 *
 * @param exitCode of main
 * @param result its standard output, if somebody reads it
 * @param parameters output parameters by name
 * @param forever it runs until it is asked to end
 */
public record PodScript(int exitCode, @Nullable String result, Map<String, String> parameters, boolean forever) {
    public static final PodScript SUCCEEDS = new PodScript(0, null, Map.of(), false);

    public PodScript {
        parameters = Map.copyOf(parameters);
    }

    static PodScript of(JsonNode json) {
        Map<String, String> parameters = new LinkedHashMap<>();
        json.path("parameters")
                .properties()
                .forEach(
                        entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
        return new PodScript(
                json.path("exit").asInt(0),
                json.hasNonNull("result") ? json.path("result").asText() : null,
                parameters,
                json.path("forever").asBoolean(false));
    }
}
