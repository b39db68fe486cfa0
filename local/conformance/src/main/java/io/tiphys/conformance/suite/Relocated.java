package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.Relocation;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Objects whose artifacts lie at a place of their own, in a store that can't be had, with all of them in the case's own repository instead:
 * what is left of a location is its key. Of a URL of Artifactory the path is left, on another server.
 */
public final class Relocated {
    /** Stores for which the system's own stands. */
    static final Set<String> KINDS = Set.of("s3", "oss");
    /** The store for which a server of files stands that the runner brings along. */
    static final String FILES = "artifactory";

    private static final Pattern SERVER = Pattern.compile("^https?://[^/]+");

    private static final Set<String> FIELDS = Set.of("artifacts", "artifactPaths", "archiveLocation");

    private Relocated() {}

    /**
     * Changes the object.
     *
     * @param files URL below which files are put and got
     */
    public static void inPlace(JsonNode object, String files) {
        object.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (FIELDS.contains(field.getKey())) {
                (value.isArray() ? value : List.of(value)).forEach(artifact -> artifact(artifact, files));
            }
            inPlace(value, files);
        });
        if (object.isArray()) {
            object.forEach(each -> inPlace(each, files));
        }
    }

    /** Whether it names such a place anywhere. */
    static boolean isNeededFor(JsonNode object) {
        return FIELDS.stream()
                .flatMap(field -> object.findValues(field).stream())
                .anyMatch(found ->
                        found.isArray() ? found.valueStream().anyMatch(Relocated::namesPlace) : namesPlace(found));
    }

    private static boolean namesPlace(JsonNode artifact) {
        return Relocation.namesPlace(artifact)
                && Relocation.kind(artifact).filter(KINDS::contains).isPresent();
    }

    private static void artifact(JsonNode artifact, String files) {
        if (artifact.path(FILES) instanceof ObjectNode location
                && location.path("url").isTextual()) {
            location.put(
                    "url", SERVER.matcher(location.path("url").asText()).replaceFirst(Matcher.quoteReplacement(files)));
        }
        if (namesPlace(artifact)) {
            String kind = Relocation.kind(artifact).orElseThrow();
            if (artifact.path(kind) instanceof ObjectNode location) {
                location.retain("key");
            }
        }
    }
}
