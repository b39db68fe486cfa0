package io.tiphys.local.apiserver;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** JSON trees as the API server uses them: decoding with limits, and reading fields that may be absent. */
final class Json {
    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(200)
            .maxStringLength(24 * 1024 * 1024)
            .build();
    private static final ObjectMapper JSON = JsonMapper.builder(new com.fasterxml.jackson.core.JsonFactoryBuilder()
                    .streamReadConstraints(LIMITS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    /** Reads a value that others follow. */
    private static final ObjectReader PART = JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final ObjectMapper YAML =
            new ObjectMapper(YAMLFactory.builder().streamReadConstraints(LIMITS).build());

    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static byte[] encode(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Decodes what this server encoded itself. */
    static ObjectNode decode(byte[] json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode parse(byte[] body, boolean yaml) {
        try {
            JsonNode node = (yaml ? YAML : JSON).readTree(body);
            if (node == null || node.isMissingNode()) {
                throw ApiException.badRequest("the request body is empty; expected an object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw ApiException.badRequest(
                    "the request body is not valid " + (yaml ? "YAML" : "JSON") + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object that this server encoded itself, as {@code PartialObjectMetadata}; the rest is read over, as far as it comes before. */
    static byte[] metadataOnly(byte[] json) {
        ObjectNode partial = object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isMetadata = parser.currentName().equals("metadata");
                parser.nextToken();
                if (isMetadata) {
                    partial.set("metadata", PART.readTree(parser));
                    break;
                }
                parser.skipChildren();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return encode(partial);
    }

    /** The object at a field, made if it is absent, null or something else. */
    static ObjectNode child(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode found ? found : parent.putObject(field);
    }

    /** The metadata of a whole object. */
    static ObjectNode metadata(ObjectNode object) {
        return child(object, "metadata");
    }

    /** A scalar field as text; null when it is absent, null or not a scalar. */
    static @Nullable String text(@Nullable JsonNode parent, String... path) {
        JsonNode at = parent;
        for (String field : path) {
            at = at == null ? null : at.get(field);
        }
        return at == null || at.isNull() || at.isContainerNode() ? null : at.asText();
    }

    static String text(String ifAbsent, @Nullable JsonNode parent, String... path) {
        String found = text(parent, path);
        return found == null ? ifAbsent : found;
    }

    static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
