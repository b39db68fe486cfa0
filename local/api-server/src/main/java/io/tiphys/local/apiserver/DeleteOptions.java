package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a client wants something deleted.
 *
 * @param gracePeriodSeconds null for the object's own
 * @param propagation {@code Background}, {@code Foreground} or {@code Orphan}
 */
record DeleteOptions(
        @Nullable Long gracePeriodSeconds,
        String propagation,
        @Nullable String uid,
        @Nullable String resourceVersion,
        boolean dryRun) {

    static final DeleteOptions BACKGROUND = new DeleteOptions(null, "Background", null, null, false);

    /** From the request's body, which wins, and its query parameters. */
    static DeleteOptions of(@Nullable JsonNode body, Map<String, String> query) {
        String grace = Json.text(body, "gracePeriodSeconds");
        String propagation = Json.text(body, "propagationPolicy");
        boolean orphan = body != null && body.path("orphanDependents").asBoolean();
        if (propagation == null) {
            propagation = orphan ? "Orphan" : query.getOrDefault("propagationPolicy", "Background");
        }
        return new DeleteOptions(
                seconds(grace == null ? query.get("gracePeriodSeconds") : grace),
                propagation,
                Json.text(body, "preconditions", "uid"),
                Json.text(body, "preconditions", "resourceVersion"),
                query.containsKey("dryRun")
                        || (body != null && !body.path("dryRun").isEmpty()));
    }

    private static @Nullable Long seconds(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException _) {
            throw ApiException.badRequest("gracePeriodSeconds: \"" + text + "\" is not a whole number");
        }
    }
}
