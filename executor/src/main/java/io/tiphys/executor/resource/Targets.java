package io.tiphys.executor.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tiphys.executor.http.UploaderClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out what an action is about: the objects of the manifest, or those that flags name. */
record Targets(Discovery discovery, String defaultNamespace) {
    /** Where kubectl would have read the manifest under Argo; users know its messages. */
    static final String MANIFEST = "/tmp/manifest.yaml";

    private static final ObjectMapper YAML = new YAMLMapper();

    List<Target> of(@Nullable String manifest, KubectlFlags flags) throws IOException {
        if (manifest != null && !manifest.isBlank()) {
            return inManifest(manifest, flags);
        }
        return named(flags);
    }

    List<Target> named(KubectlFlags flags) throws IOException {
        List<String> operands = flags.operands();
        if (operands.isEmpty()) {
            throw new KubectlException("error: You must provide one or more resources by argument or filename.");
        }
        List<Target> targets = new ArrayList<>();
        String namespace = namespace(flags);
        if (operands.stream().allMatch(operand -> operand.contains("/"))) {
            for (String operand : operands) {
                int slash = operand.indexOf('/');
                targets.add(new Target(
                        discovery.named(operand.substring(0, slash)), namespace, operand.substring(slash + 1), null));
            }
            return targets;
        }
        for (String typeName : operands.getFirst().split(",", -1)) {
            ResourceType type = discovery.named(typeName);
            List<String> names = operands.subList(1, operands.size());
            if (names.isEmpty()) {
                targets.add(new Target(type, namespace, null, null));
            }
            names.forEach(name -> targets.add(new Target(type, namespace, name, null)));
        }
        return targets;
    }

    private String namespace(KubectlFlags flags) {
        String given = flags.option("namespace");
        return given == null || given.isEmpty() ? defaultNamespace : given;
    }

    private List<Target> inManifest(String manifest, KubectlFlags flags) throws IOException {
        List<Target> targets = new ArrayList<>();
        for (JsonNode document : documents(manifest)) {
            if (document.isEmpty()) {
                continue;
            }
            if (!(document instanceof ObjectNode object)) {
                throw new KubectlException("error: unable to decode \"" + MANIFEST
                        + "\": the manifest must be an object, not " + document);
            }
            targets.add(target(object, flags));
        }
        if (targets.isEmpty()) {
            throw new KubectlException("error: no objects passed to the action");
        }
        return targets;
    }

    static List<JsonNode> documents(String manifest) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (var parser = YAML.createParser(manifest)) {
            while (parser.nextToken() != null) {
                documents.add(YAML.<JsonNode>readTree(parser));
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new KubectlException(
                    "error: error parsing " + MANIFEST + ": error converting YAML to JSON: " + e.getOriginalMessage());
        }
        return documents;
    }

    private Target target(ObjectNode object, KubectlFlags flags) throws IOException {
        String kind = object.path("kind").asText("");
        String apiVersion = object.path("apiVersion").asText("");
        if (kind.isEmpty()) {
            throw new KubectlException("error: unable to decode \"" + MANIFEST + "\": Object 'Kind' is missing in '"
                    + UploaderClient.JSON.writeValueAsString(object) + "'");
        }
        if (apiVersion.isEmpty()) {
            throw new KubectlException(
                    "error: error validating \"" + MANIFEST
                            + "\": error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false");
        }
        String name = object.path("metadata").path("name").asText("");
        String own = object.path("metadata").path("namespace").asText("");
        ResourceType type = discovery
                .ofKind(apiVersion, kind)
                .orElseThrow(() -> new KubectlException("error: resource mapping not found for name: \"" + name
                        + "\" namespace: \"" + own + "\" from \"" + MANIFEST + "\": no matches for kind \"" + kind
                        + "\" in version \"" + apiVersion + "\"\nensure CRDs are installed first"));
        String given = flags.option("namespace");
        if (type.namespaced() && given != null && !own.isEmpty() && !own.equals(given)) {
            throw new KubectlException("error: the namespace from the provided object \"" + own
                    + "\" does not match the namespace \"" + given + "\". You must pass '--namespace=" + own
                    + "' to perform this operation.");
        }
        return new Target(type, own.isEmpty() ? namespace(flags) : own, name.isEmpty() ? null : name, object);
    }
}
