package io.tiphys.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/**
 * Manifests from and to text. YAML is read as Kubernetes' tools do: {@code yes} and {@code on} are booleans, {@code 010} is
 * eight, dates are text, {@code <<} merges. Texts beyond {@link #MAX_BYTES}, deeper than {@link #MAX_DEPTH}, or that unfold
 * through aliases to more than {@link #MAX_ALIASED_NODES} values are refused.
 */
public final class Manifests {
    /** The largest text that is read. */
    public static final int MAX_BYTES = 20 * 1024 * 1024;
    /** How deep a document may nest. */
    public static final int MAX_DEPTH = 200;
    /** How many values aliases may stand for, in all. */
    public static final int MAX_ALIASED_NODES = 200_000;

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private Manifests() {}

    /**
     * Reads all documents of a text, YAML or JSON. Empty documents are left out.
     *
     * @throws InvalidManifestException if it is neither, or too large
     */
    public static List<Manifest> read(String text) {
        if (text.length() > MAX_BYTES) {
            throw new InvalidManifestException(
                    0,
                    "the manifest has more than " + MAX_BYTES / 1024 / 1024
                            + " MiB; split it or pass data as artifacts");
        }
        return text.stripLeading().startsWith("{") ? JsonDocuments.read(text) : YamlDocuments.read(text);
    }

    /**
     * Reads the one document of a text.
     *
     * @throws InvalidManifestException if it has none or several, or can't be read
     */
    public static <T extends HasMetadata> T read(String text, Class<T> type) {
        List<Manifest> manifests = read(text);
        if (manifests.size() != 1) {
            throw new InvalidManifestException(0, "expected one document, found " + manifests.size());
        }
        return manifests.getFirst().as(type);
    }

    /** The object as YAML. */
    public static String toYaml(Object value) {
        try {
            return YAML.writeValueAsString(ApiJson.mapper().valueToTree(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing " + value.getClass().getSimpleName() + " as YAML", e);
        }
    }

    /** The object as JSON in one line. */
    public static String toJson(Object value) {
        try {
            return ApiJson.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("writing " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }
}
