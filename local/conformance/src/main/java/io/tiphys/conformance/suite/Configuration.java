package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a case wants the system's controller to be told: the data of Argo's controller ConfigMap. It counts for all that runs at the time,
 * so cases of different configurations don't run together.
 *
 * @param data empty for nothing
 */
public record Configuration(Map<String, String> data) {
    /** The ConfigMap's name. A case that brings one of this name wants the system to have it. */
    public static final String NAME = "workflow-controller-configmap";

    /** Nothing in particular. */
    public static final Configuration NONE = new Configuration(Map.of());

    private static final String DEFAULTS = "workflowDefaults";
    /** A need of labels (or annotations) that all workflows get; as nobody says which value, any will do. */
    private static final Pattern DEFAULT_METADATA =
            Pattern.compile("service:" + DEFAULTS + " (labels|annotations) (.+)");

    private static final Pattern SEPARATOR = Pattern.compile("[\\s,]+");
    private static final String VALUE = "of-the-conformance-suite";

    public Configuration {
        data = Map.copyOf(data);
    }

    /** What the case needs and what it brings. */
    public static Configuration of(ConformanceCase wanted, List<Manifest> documents) {
        Map<String, String> data = new TreeMap<>();
        ObjectNode metadata = ApiJson.mapper().createObjectNode();
        for (String need : wanted.needs()) {
            Matcher matcher = DEFAULT_METADATA.matcher(need);
            if (matcher.matches()) {
                ObjectNode values = metadata.withObjectProperty(matcher.group(1));
                SEPARATOR.splitAsStream(matcher.group(2).strip()).forEach(name -> values.put(name, VALUE));
            }
        }
        if (!metadata.isEmpty()) {
            ObjectNode defaults = ApiJson.mapper().createObjectNode();
            defaults.set("metadata", metadata);
            data.put(DEFAULTS, Manifests.toYaml(defaults));
        }
        documents.stream()
                .filter(Configuration::isOne)
                .forEach(document -> document.tree()
                        .path("data")
                        .properties()
                        .forEach(entry ->
                                data.put(entry.getKey(), entry.getValue().asText())));
        return data.isEmpty() ? NONE : new Configuration(data);
    }

    /** Whether the document is for the system and not for the case's namespace. */
    public static boolean isOne(Manifest document) {
        return document.kind().equals("ConfigMap") && document.name().equals(NAME);
    }

    /** Whether a configuration meets the need. */
    static boolean meets(String need) {
        return DEFAULT_METADATA.matcher(need).matches();
    }

    public boolean isNone() {
        return data.isEmpty();
    }
}
