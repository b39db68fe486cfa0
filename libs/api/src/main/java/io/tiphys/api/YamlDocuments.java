package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.resolver.Resolver;

/** Reads YAML documents with their lines. Works on the composed nodes, so scalars mean what {@link YamlScalars} says. */
final class YamlDocuments {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<String> duplicates = new ArrayList<>();
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private int inAlias;
    private int aliased;

    private YamlDocuments() {}

    private record Located(JsonNode node, SourceLines lines) {}

    static List<Manifest> read(String text) {
        var options = new LoaderOptions();
        options.setCodePointLimit(Manifests.MAX_BYTES);
        options.setNestingDepthLimit(Manifests.MAX_DEPTH);
        options.setMaxAliasesForCollections(10_000);
        var manifests = new ArrayList<Manifest>();
        try {
            var composer = new Composer(new ParserImpl(new YamlText(text), options), new Untyped(), options);
            while (composer.checkNode()) {
                var reader = new YamlDocuments();
                Located root = reader.value(composer.getNode(), "");
                if (!root.node().isNull()) {
                    manifests.add(new Manifest(manifests.size(), root.node(), root.lines(), reader.duplicates));
                }
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
            throw new InvalidManifestException(line, "not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new InvalidManifestException(0, "not YAML: " + e.getMessage());
        }
        return List.copyOf(manifests);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private Located value(Node node, String path) {
        if (node instanceof ScalarNode scalar) {
            return new Located(scalar(scalar), SourceLines.scalar(line(node)));
        }
        if (!open.add(node)) {
            throw new InvalidManifestException(line(node), path + ": an alias stands within its own anchor");
        }
        boolean again = !seen.add(node);
        inAlias += again ? 1 : 0;
        Located value = switch (node) {
            case MappingNode mapping -> object(mapping, path);
            case SequenceNode sequence -> array(sequence, path);
            default -> throw new InvalidManifestException(line(node), path + ": not a value");
        };
        inAlias -= again ? 1 : 0;
        open.remove(node);
        return value;
    }

    private void count(Node node, int children) {
        if (inAlias > 0) {
            aliased += children;
            if (aliased > Manifests.MAX_ALIASED_NODES) {
                throw new InvalidManifestException(
                        line(node), "aliases stand for more than " + Manifests.MAX_ALIASED_NODES + " values");
            }
        }
    }

    private static JsonNode scalar(ScalarNode scalar) {
        return isPlain(scalar) ? YamlScalars.plain(scalar.getValue()) : NODES.textNode(scalar.getValue());
    }

    /** Whether its type is to be found from its text: neither quoted nor tagged as something that isn't a number or boolean. */
    private static boolean isPlain(ScalarNode scalar) {
        return scalar.isPlain()
                && !scalar.getTag().equals(Tag.STR)
                && !scalar.getTag().equals(Tag.BINARY);
    }

    private Located array(SequenceNode sequence, String path) {
        count(sequence, sequence.getValue().size());
        ArrayNode array = NODES.arrayNode();
        var lines = new ArrayList<SourceLines>();
        for (Node item : sequence.getValue()) {
            Located value = value(item, JsonPaths.item(path, array.size()));
            array.add(value.node());
            lines.add(value.lines());
        }
        return new Located(array, SourceLines.array(line(sequence), lines));
    }

    private Located object(MappingNode mapping, String path) {
        count(mapping, mapping.getValue().size());
        ObjectNode object = NODES.objectNode();
        Map<String, SourceLines> lines = new LinkedHashMap<>();
        ObjectNode merged = NODES.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            String name = key(entry.getKeyNode(), path);
            if (name.equals("<<") && isPlain((ScalarNode) entry.getKeyNode())) {
                merge(entry.getValueNode(), path, merged);
                continue;
            }
            String fieldPath = JsonPaths.field(path, name);
            Located value = value(entry.getValueNode(), fieldPath);
            object.set(name, value.node());
            if (lines.put(name, value.lines().movedTo(line(entry.getKeyNode()))) != null) {
                duplicates.add(fieldPath);
            }
        }
        merged.properties().forEach(entry -> object.putIfAbsent(entry.getKey(), entry.getValue()));
        return new Located(object, SourceLines.object(line(mapping), lines));
    }

    private void merge(Node value, String path, ObjectNode into) {
        List<Node> sources = value instanceof SequenceNode sequence ? sequence.getValue() : List.of(value);
        for (Node source : sources) {
            if (!(value(source, path).node() instanceof ObjectNode from)) {
                throw new InvalidManifestException(line(source), path + ": << wants a mapping or a list of mappings");
            }
            from.properties().forEach(entry -> into.putIfAbsent(entry.getKey(), entry.getValue()));
        }
    }

    private static String key(Node key, String path) {
        if (!(key instanceof ScalarNode scalar)) {
            throw new InvalidManifestException(line(key), path + ": a key must be text");
        }
        return isPlain(scalar) ? YamlScalars.plain(scalar.getValue()).asText(scalar.getValue()) : scalar.getValue();
    }

    /** Leaves the type of plain scalars open. */
    private static final class Untyped extends Resolver {
        private static final Tag OPEN = new Tag("!open");

        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            return kind == NodeId.scalar && implicit ? OPEN : super.resolve(kind, value, implicit);
        }
    }
}
