package io.tiphys.engine.scope;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code workflow.failures}: the failed nodes as a JSON list, itself quoted as a JSON string so that it survives being put
 * into a string of another document.
 */
final class Failures {
    private Failures() {}

    static String of(Run run) {
        List<Map<String, Object>> failures = new ArrayList<>();
        for (Node node : run.nodes()) {
            if (node.phase().isFailedOrError()) {
                Map<String, Object> failure = new LinkedHashMap<>();
                failure.put("displayName", node.displayName());
                failure.put("message", node.message() == null ? "" : node.message());
                failure.put(
                        "templateName",
                        node.template() == null ? "" : node.template().name());
                failure.put("phase", node.phase().json());
                failure.put("podName", node.podName());
                failure.put(
                        "finishedAt",
                        Instant.ofEpochSecond(node.finishedAt() / 1000).toString());
                failures.add(failure);
            }
        }
        try {
            // Go marshals an empty slice that was never made as null
            String json = failures.isEmpty() ? "null" : ApiJson.mapper().writeValueAsString(failures);
            return ApiJson.mapper().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
