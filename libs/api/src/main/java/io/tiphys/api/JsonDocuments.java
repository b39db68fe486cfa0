package io.tiphys.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON documents, one after the other, with their lines. */
final class JsonDocuments {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Manifests.MAX_DEPTH)
                    .maxStringLength(Manifests.MAX_BYTES)
                    .build())
            .build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final List<String> duplicates = new ArrayList<>();

    private JsonDocuments(JsonParser parser) {
        this.parser = parser;
    }

    private record Located(JsonNode node, SourceLines lines) {}

    static List<Manifest> read(String text) {
        var manifests = new ArrayList<Manifest>();
        try (JsonParser parser = FACTORY.createParser(text)) {
            while (parser.nextToken() != null) {
                var reader = new JsonDocuments(parser);
                Located root = reader.value("");
                manifests.add(new Manifest(manifests.size(), root.node(), root.lines(), reader.duplicates));
            }
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new InvalidManifestException(line, "not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(manifests);
    }

    private Located value(String path) throws IOException {
        int line = parser.currentTokenLocation().getLineNr();
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(path, line);
            case START_ARRAY -> array(path, line);
            default -> new Located(scalar(), SourceLines.scalar(line));
        };
    }

    private JsonNode scalar() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NUMBER_INT -> YamlScalars.integer(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            default -> NODES.nullNode();
        };
    }

    private Located object(String path, int line) throws IOException {
        ObjectNode object = NODES.objectNode();
        Map<String, SourceLines> lines = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            int keyLine = parser.currentTokenLocation().getLineNr();
            String fieldPath = JsonPaths.field(path, name);
            parser.nextToken();
            Located value = value(fieldPath);
            object.set(name, value.node());
            if (lines.put(name, value.lines().movedTo(keyLine)) != null) {
                duplicates.add(fieldPath);
            }
        }
        return new Located(object, SourceLines.object(line, lines));
    }

    private Located array(String path, int line) throws IOException {
        ArrayNode array = NODES.arrayNode();
        var lines = new ArrayList<SourceLines>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Located item = value(JsonPaths.item(path, array.size()));
            array.add(item.node());
            lines.add(item.lines());
        }
        return new Located(array, SourceLines.array(line, lines));
    }
}
