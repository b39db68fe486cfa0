package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The types served at the moment: the built-in ones and those of the stored CustomResourceDefinitions. */
final class ResourceTypes {
    private volatile Map<String, ResourceType> byPath = Map.of();
    private final Map<String, List<ResourceType>> ofDefinitions = new TreeMap<>();
    private final ResourceType pods;
    private final ResourceType namespaces;
    private final ResourceType serviceAccounts;
    private final ResourceType events;
    private final ResourceType nodes;
    private final ResourceType quotas;
    private final ResourceType definitions;

    ResourceTypes() {
        rebuild();
        pods = builtIn("pods");
        namespaces = builtIn("namespaces");
        serviceAccounts = builtIn("serviceaccounts");
        events = builtIn("events");
        nodes = builtIn("nodes");
        quotas = builtIn("resourcequotas");
        definitions = builtIn("customresourcedefinitions");
    }

    private static ResourceType builtIn(String plural) {
        return BuiltInTypes.all().stream()
                .filter(type -> type.plural().equals(plural))
                .findFirst()
                .orElseThrow();
    }

    ResourceType pods() {
        return pods;
    }

    ResourceType namespaces() {
        return namespaces;
    }

    ResourceType serviceAccounts() {
        return serviceAccounts;
    }

    ResourceType events() {
        return events;
    }

    ResourceType nodes() {
        return nodes;
    }

    ResourceType quotas() {
        return quotas;
    }

    ResourceType definitions() {
        return definitions;
    }

    @Nullable
    ResourceType find(String apiVersion, String plural) {
        return byPath.get(apiVersion + "/" + plural);
    }

    /** Any served version of a resource, by its qualified plural such as {@code workflows.argoproj.io}. */
    @Nullable
    ResourceType findQualified(String qualifiedPlural) {
        return all().stream()
                .filter(type -> type.qualifiedPlural().equals(qualifiedPlural))
                .findFirst()
                .orElse(null);
    }

    /** All served types, ordered by API version and plural. */
    Collection<ResourceType> all() {
        return byPath.values();
    }

    Stream<String> groupVersions() {
        return all().stream().map(ResourceType::apiVersion).distinct();
    }

    /** Serves what a CustomResourceDefinition declares, in place of what it declared before. */
    synchronized void define(ObjectNode definition) {
        ofDefinitions.put(Json.text("", definition, "metadata", "name"), typesOf(definition));
        rebuild();
    }

    synchronized void undefine(String definitionName) {
        ofDefinitions.remove(definitionName);
        rebuild();
    }

    private synchronized void rebuild() {
        Map<String, ResourceType> types = new TreeMap<>();
        Stream.concat(
                        BuiltInTypes.all().stream(),
                        ofDefinitions.values().stream().flatMap(List::stream))
                .forEach(type -> types.put(type.apiVersion() + "/" + type.plural(), type));
        byPath = types;
    }

    static List<ResourceType> typesOf(ObjectNode definition) {
        JsonNode spec = definition.path("spec");
        JsonNode names = spec.path("names");
        List<ResourceType> types = new ArrayList<>();
        for (JsonNode version : spec.path("versions")) {
            if (!version.path("served").asBoolean()) {
                continue;
            }
            String kind = Json.text("", names, "kind");
            types.add(new ResourceType(
                    Json.text("", spec, "group"),
                    Json.text("", version, "name"),
                    Json.text("", names, "plural"),
                    Json.text(kind.toLowerCase(Locale.ROOT), names, "singular"),
                    kind,
                    "Namespaced".equals(Json.text(spec, "scope")),
                    version.path("subresources").has("status"),
                    true,
                    texts(names.path("shortNames")),
                    texts(names.path("categories")),
                    columns(version.path("additionalPrinterColumns"))));
        }
        return types;
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static List<PrinterColumn> columns(JsonNode list) {
        return list.valueStream()
                .map(column -> new PrinterColumn(
                        Json.text("", column, "name"),
                        Json.text("string", column, "type"),
                        Json.text("", column, "jsonPath"),
                        column.path("priority").asInt(0)))
                .toList();
    }
}
