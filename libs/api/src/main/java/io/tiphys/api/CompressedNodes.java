package io.tiphys.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A workflow's nodes as Argo packs them into {@code status.compressedNodes} when they outgrow the object: JSON, gzip,
 * base64. A status has either {@code nodes} or {@code compressedNodes}, never both.
 */
public final class CompressedNodes {
    /** What unpacking may yield, in bytes; a packed text that holds more is refused, since it may be a bomb. */
    static final int MAX_BYTES = 512 * 1024 * 1024;

    private static final TypeReference<Map<String, NodeStatus>> NODES = new TypeReference<>() {};

    private CompressedNodes() {}

    /** The text for {@code status.compressedNodes}. */
    public static String pack(Map<String, NodeStatus> nodes) {
        try {
            return pack(ApiJson.mapper().writeValueAsBytes(nodes));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("nodes as JSON", e);
        }
    }

    /** The text for nodes that are JSON already. */
    public static String pack(byte[] json) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("packing nodes into memory", e);
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    /** The text for nodes that are packed already. */
    public static String of(PackedJson nodes) {
        return Base64.getEncoder().encodeToString(nodes.bytes());
    }

    /** How long that text is, in characters. */
    public static int length(PackedJson nodes) {
        return (nodes.bytes().length + 2) / 3 * 4;
    }

    /**
     * The nodes in such a text, by id.
     *
     * @throws IllegalArgumentException if the text is not base64 of gzip of a JSON object of nodes, or unpacks to more than 512 MiB
     */
    public static Map<String, NodeStatus> unpack(String text) {
        return read(text, json -> ApiJson.mapper().readValue(json, NODES));
    }

    /** As {@link #unpack}, with the nodes as they are written: nothing in them is lost that the types here don't know. */
    public static JsonNode unpackTree(String text) {
        return read(text, json -> ApiJson.mapper().readTree(json));
    }

    /**
     * The JSON in such a text, to be read piece by piece. Nobody bounds what comes out.
     *
     * @throws IllegalArgumentException if the text is not base64 of gzip
     */
    public static InputStream open(String text) {
        try {
            return new GZIPInputStream(
                    new ByteArrayInputStream(Base64.getDecoder().decode(text)));
        } catch (IOException e) {
            throw new IllegalArgumentException("status.compressedNodes is not gzip in base64", e);
        }
    }

    @FunctionalInterface
    private interface Reading<T> {
        T from(byte[] json) throws IOException;
    }

    private static <T> T read(String text, Reading<T> reading) {
        try (GZIPInputStream gzip =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            byte[] json = gzip.readNBytes(MAX_BYTES + 1);
            if (json.length > MAX_BYTES) {
                throw new IllegalArgumentException("status.compressedNodes unpacks to more than 512 MiB");
            }
            return reading.from(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("status.compressedNodes is not gzip of nodes as JSON in base64", e);
        }
    }

    /** The status with its nodes inline: unpacked if they are packed, itself otherwise. */
    public static WorkflowStatus inline(WorkflowStatus status) {
        String packed = status.compressedNodes();
        return packed == null || packed.isEmpty()
                ? status
                : WorkflowStatusBuilder.builder(status)
                        .nodes(unpack(packed))
                        .compressedNodes(null)
                        .build();
    }
}
