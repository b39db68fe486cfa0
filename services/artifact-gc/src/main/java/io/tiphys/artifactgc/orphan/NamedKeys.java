package io.tiphys.artifactgc.orphan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Relocation;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys that workflows name in their artifacts, wherever these stand. A key counts for what is below it, too: an artifact may be a
 * directory. Of a key with a tag in it the part before the tag counts for all keys that begin so. In which bucket the key lies doesn't
 * matter: rather too much is known than too little.
 */
final class NamedKeys {
    private static final Set<String> SINGLE = Set.of("artifactPaths", "archiveLocation");

    private final Set<String> keys = new HashSet<>();
    private final TreeSet<String> beginnings = new TreeSet<>();

    /**
     * Adds the keys of a workflow in JSON form, whose nodes may be many: nothing but artifacts is kept.
     *
     * @param name of the workflow
     * @throws IOException if it can't be read to its end
     */
    void add(JsonParser workflow, String name) throws IOException {
        for (JsonToken token = workflow.nextToken(); token != null; token = workflow.nextToken()) {
            if (token != JsonToken.FIELD_NAME) {
                continue;
            }
            String field = workflow.currentName();
            if (field.equals("artifacts") && workflow.nextToken() == JsonToken.START_ARRAY) {
                while (workflow.nextToken() == JsonToken.START_OBJECT) {
                    add((JsonNode) ApiJson.mapper().readTree(workflow), name);
                }
            } else if (SINGLE.contains(field) && workflow.nextToken() == JsonToken.START_OBJECT) {
                add((JsonNode) ApiJson.mapper().readTree(workflow), name);
            }
        }
    }

    private void add(JsonNode artifact, String name) {
        String key =
                Relocation.key(artifact).replaceFirst("^/+", "").replaceAll("\\{\\{\\s*workflow\\.name\\s*}}", name);
        int tag = key.indexOf("{{");
        if (tag > 0) {
            beginnings.add(key.substring(0, tag));
        } else if (tag < 0 && !key.isEmpty()) {
            keys.add(key.replaceFirst("/+$", ""));
        }
    }

    boolean contains(String key) {
        if (keys.contains(key)) {
            return true;
        }
        for (int slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
            if (keys.contains(key.substring(0, slash))) {
                return true;
            }
        }
        for (String begin = beginnings.floor(key); begin != null; begin = beginnings.lower(begin)) {
            if (key.startsWith(begin)) {
                return true;
            }
            if (begin.charAt(0) != key.charAt(0)) {
                return false;
            }
        }
        return false;
    }
}
