package io.tiphys.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A workflow's spec that is too large for its object and is kept outside, by its hash ({@link PackedJson}). The object carries
 * {@link #ANNOTATION} and an <em>outline</em>: the spec's small fields as they are, and of its templates only suspended ones with the names
 * that the outline refers to, so that it is a valid Workflow for every reader and runs nothing where nobody knows the annotation. What is
 * edited in the outline's fields (suspend, shutdown, deadlines …) counts; {@code templates} there doesn't. See decision 0008.
 *
 * @param packed the whole spec
 * @param outline what stands in the object instead
 */
public record LargeSpec(PackedJson packed, ObjectNode outline) {
    /** On the Workflow: {@code sha256:<hex>} of the whole spec. */
    public static final String ANNOTATION = "tiphys.io/spec";
    /** On the Workflow: {@code sha256:<hex>} of the nodes that it begins with; its {@code offloadNodeStatusVersion} says the same. */
    public static final String NODES_ANNOTATION = "tiphys.io/nodes";
    /** On the Workflow, {@code true}: it refers to something outside. What is kept there is looked after by this label. */
    public static final String LABEL = "tiphys.io/large-spec";

    /** Fields whose JSON is longer than this stay out of the outline. */
    private static final int SMALL_FIELD = 8 * 1024;
    /** The outline ends before it has more than this. */
    private static final int MAX_OUTLINE = 128 * 1024;

    private static final String TEMPLATES = "templates";

    /** Packs this spec, which stays as it is. */
    public static LargeSpec of(ObjectNode spec) {
        ObjectNode outline = JsonNodeFactory.instance.objectNode();
        for (String field : outlined(spec)) {
            outline.set(field, spec.get(field));
        }
        if (spec.has(TEMPLATES) || !spec.has("workflowTemplateRef")) {
            ArrayNode templates = outline.putArray(TEMPLATES);
            Set<String> names = new LinkedHashSet<>();
            for (String field : List.of("entrypoint", "onExit")) {
                String name = outline.path(field).asText("");
                if (!name.isEmpty() && names.add(name)) {
                    templates.addObject().put("name", name).putObject("suspend");
                }
            }
        }
        return new LargeSpec(PackedJson.of(spec), outline);
    }

    /** The hash in the annotation; empty if the object's spec is all there is. */
    public static Optional<String> hash(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations == null ? Optional.empty() : PackedJson.hashIn(annotations.get(ANNOTATION));
    }

    /** As {@link #hash(HasMetadata)}, of a Workflow as a tree. */
    public static Optional<String> hash(JsonNode object) {
        JsonNode value = object.path("metadata").path("annotations").path(ANNOTATION);
        return value.isTextual() ? PackedJson.hashIn(value.asText()) : Optional.empty();
    }

    /** The spec that was packed, with what the outline says now. */
    public static ObjectNode whole(ObjectNode stored, JsonNode outline) {
        Set<String> outlined = outlined(stored);
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        stored.properties().forEach(field -> {
            JsonNode now = outline.get(field.getKey());
            if (!outlined.contains(field.getKey())) {
                whole.set(field.getKey(), field.getValue());
            } else if (now != null) {
                whole.set(field.getKey(), now);
            }
        });
        Set<String> known = new HashSet<>();
        stored.fieldNames().forEachRemaining(known::add);
        outline.properties().forEach(field -> {
            if (!known.contains(field.getKey()) && !field.getKey().equals(TEMPLATES)) {
                whole.set(field.getKey(), field.getValue());
            }
        });
        return whole;
    }

    /**
     * The workflow with its whole spec.
     *
     * @throws IllegalArgumentException if what is stored is no spec
     */
    public static Workflow whole(Workflow workflow, JsonNode stored) {
        if (!(stored instanceof ObjectNode spec)) {
            throw new IllegalArgumentException("the stored spec is no JSON object");
        }
        try {
            ObjectNode whole = whole(spec, ApiJson.mapper().valueToTree(workflow.getSpec()));
            return workflow.withSpec(ApiJson.mapper().treeToValue(whole, WorkflowSpec.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the stored spec can't be read: " + e.getOriginalMessage(), e);
        }
    }

    /** The same function of the same spec always: what was left out is known without being written down. */
    private static Set<String> outlined(ObjectNode spec) {
        Set<String> fields = new LinkedHashSet<>();
        int size = 0;
        for (Map.Entry<String, JsonNode> field : spec.properties()) {
            if (field.getKey().equals(TEMPLATES)) {
                continue;
            }
            int length = field.getKey().length() + field.getValue().toString().length();
            if (length <= SMALL_FIELD && size + length <= MAX_OUTLINE) {
                size += length;
                fields.add(field.getKey());
            }
        }
        return fields;
    }
}
