package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One version of one object: its encoded form, shared by lists and watches, and what selectors and the garbage collector
 * ask for, taken out once. Immutable; {@link #toNode()} gives a fresh tree to change.
 */
final class StoredObject {
    private final ResourceType type;
    private final String key;
    private final String name;
    private final String namespace;
    private final String uid;
    private final long resourceVersion;
    private final byte[] json;
    private final Map<String, String> labels;
    private final Map<String, String> fields;
    private final List<String> ownerUids;
    private final List<String> deletionFinalizers;

    StoredObject(ResourceType type, ObjectNode object, byte[] json) {
        ObjectNode metadata = Json.metadata(object);
        this.type = type;
        this.name = Json.text("", metadata, "name");
        this.namespace = Json.text("", metadata, "namespace");
        this.key = type.key(namespace, name);
        this.uid = Json.text("", metadata, "uid");
        this.resourceVersion = Long.parseLong(Json.text("0", metadata, "resourceVersion"));
        this.json = json;
        this.labels = texts(metadata.get("labels"));
        this.fields = FieldSelector.selectableFields(type, object);
        this.ownerUids = ownerUids(metadata.get("ownerReferences"));
        this.deletionFinalizers = metadata.hasNonNull("deletionTimestamp")
                ? metadata.path("finalizers")
                        .valueStream()
                        .map(JsonNode::asText)
                        .toList()
                : List.of();
    }

    private static Map<String, String> texts(@Nullable JsonNode node) {
        if (node == null || node.isEmpty()) {
            return Map.of();
        }
        Map<String, String> texts = new HashMap<>();
        node.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return Map.copyOf(texts);
    }

    private static List<String> ownerUids(@Nullable JsonNode references) {
        if (references == null || references.isEmpty()) {
            return List.of();
        }
        List<String> uids = new ArrayList<>();
        references.forEach(reference -> uids.add(Json.text("", reference, "uid")));
        return List.copyOf(uids);
    }

    ResourceType type() {
        return type;
    }

    String key() {
        return key;
    }

    String name() {
        return name;
    }

    String namespace() {
        return namespace;
    }

    String uid() {
        return uid;
    }

    long resourceVersion() {
        return resourceVersion;
    }

    /** The encoded object; not to be changed. */
    byte[] json() {
        return json;
    }

    /** The encoded {@code PartialObjectMetadata} of it; not kept, as pods are asked for theirs once. */
    byte[] metadataOnly() {
        return Json.metadataOnly(json);
    }

    Map<String, String> labels() {
        return labels;
    }

    Map<String, String> fields() {
        return fields;
    }

    List<String> ownerUids() {
        return ownerUids;
    }

    /** Deletion was asked for and waits for this finalizer, maybe among others. */
    boolean isBeingDeletedWith(String finalizer) {
        return deletionFinalizers.contains(finalizer);
    }

    ObjectNode toNode() {
        return Json.decode(json);
    }
}
