package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Objects without a namespace, which cases share: those that bring the same object use it together, those that bring
 * another one of the same name wait for their turn.
 */
final class SharedObjects {
    private record Use(JsonNode object, int users) {}

    private final Map<String, Use> uses = new HashMap<>();

    private static String key(JsonNode object) {
        return object.path("apiVersion").asText("") + "/" + object.path("kind").asText("") + "/"
                + object.path("metadata").path("name").asText("");
    }

    /** Waits until all of them can be used, all at once. */
    synchronized void claim(List<JsonNode> objects) throws InterruptedException {
        while (!objects.stream().allMatch(this::isFree)) {
            wait();
        }
        for (JsonNode object : objects) {
            uses.merge(key(object), new Use(object, 1), (used, _) -> new Use(used.object(), used.users() + 1));
        }
    }

    private boolean isFree(JsonNode object) {
        Use use = uses.get(key(object));
        return use == null || use.object().equals(object);
    }

    /** Gives them back; returns those that nobody uses any more. */
    synchronized List<JsonNode> release(List<JsonNode> objects) {
        for (JsonNode object : objects) {
            uses.computeIfPresent(
                    key(object), (_, use) -> use.users() == 1 ? null : new Use(use.object(), use.users() - 1));
        }
        notifyAll();
        return objects.stream().filter(object -> !uses.containsKey(key(object))).toList();
    }
}
