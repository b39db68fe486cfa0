package io.tiphys.executor.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One object, or those that a selector finds, that an action is about.
 *
 * @param name absent for an object that gets its name by {@code generateName}, and for a selection
 * @param manifest what the user wrote; absent when flags name the object
 */
record Target(
        ResourceType type,
        String namespace,
        @Nullable String name,
        @Nullable ObjectNode manifest) {

    String path() {
        return type.path(namespace, name);
    }

    String collection(Map<String, String> query) {
        List<String> parts = new ArrayList<>();
        query.forEach((key, value) -> parts.add(key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return type.path(namespace, null) + (parts.isEmpty() ? "" : "?" + String.join("&", parts));
    }

    /** The same kind of thing as the server answered it. */
    Target answered(JsonNode object) {
        String at = object.path("metadata").path("namespace").asText("");
        return new Target(
                type,
                at.isEmpty() ? namespace : at,
                object.path("metadata").path("name").asText(""),
                manifest);
    }
}
