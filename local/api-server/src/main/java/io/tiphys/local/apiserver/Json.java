package io.tiphys.local.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
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
    private static final ObjectMapper YAML =
            new ObjectMapper(YAMLFactory.builder().streamReadConstraints(LIMITS).build());

    private static final byte[] PARTIAL =
            "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",\"metadata\":".getBytes(UTF_8);

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

    /** The same JSON with each character beyond ASCII, which only strings have, written as its code. */
    static byte[] ascii(byte[] json) {
        int i = 0;
        while (i < json.length && json[i] >= 0) {
            i++;
        }
        if (i == json.length) {
            return json;
        }
        String text = new String(json, UTF_8);
        StringBuilder escaped = new StringBuilder(text.length() + 64);
        for (int c = 0; c < text.length(); c++) {
            char each = text.charAt(c);
            if (each < 0x80) {
                escaped.append(each);
            } else {
                escaped.append("\\u").append(HexFormat.of().toHexDigits(each));
            }
        }
        return escaped.toString().getBytes(UTF_8);
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
        Range metadata = metadataOf(json);
        int length = metadata.to() - metadata.from();
        byte[] partial = Arrays.copyOf(PARTIAL, PARTIAL.length + length + 1);
        System.arraycopy(json, metadata.from(), partial, PARTIAL.length, length);
        partial[PARTIAL.length + length] = '}';
        return partial;
    }

    /** {@code {"metadata": …}} of an object that this server encoded itself. */
    static ObjectNode decodeMetadata(byte[] json) {
        ObjectNode partial = object();
        partial.set("metadata", read(json, metadataOf(json)));
        return partial;
    }

    /** The same object, which this server encoded itself, with other metadata; the rest is copied as it is. */
    static byte[] withMetadata(byte[] json, ObjectNode metadata) {
        Range old = metadataOf(json);
        byte[] encoded = encode(metadata);
        byte[] changed = new byte[json.length - (old.to() - old.from()) + encoded.length];
        System.arraycopy(json, 0, changed, 0, old.from());
        System.arraycopy(encoded, 0, changed, old.from(), encoded.length);
        System.arraycopy(json, old.to(), changed, old.from() + encoded.length, json.length - old.to());
        return changed;
    }

    /** Where a value stands in the encoded object. */
    private record Range(int from, int to) {}

    private static Range metadataOf(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isMetadata = parser.currentName().equals("metadata");
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                if (isMetadata) {
                    return new Range(from, (int) parser.currentLocation().getByteOffset());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("a stored object has no metadata");
    }

    private static JsonNode read(byte[] json, Range range) {
        try {
            return JSON.reader().readTree(json, range.from(), range.to() - range.from());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
