package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which groups, versions and resources there are: the legacy documents and the aggregated one that newer clients ask for. */
final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> STATUS_VERBS = List.of("get", "patch", "update");
    static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

    private final ResourceTypes types;

    Discovery(ResourceTypes types) {
        this.types = types;
    }

    static boolean wantsAggregated(Request request) {
        String accept = request.header("Accept");
        return accept.contains("as=APIGroupDiscoveryList") && accept.contains("v=v2;");
    }

    ObjectNode coreVersions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        return versions;
    }

    ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        versionsByGroup().forEach((group, versions) -> {
            if (!group.isEmpty()) {
                groups.add(group(group, versions));
            }
        });
        return list;
    }

    @Nullable
    ObjectNode group(String name) {
        List<String> versions = versionsByGroup().get(name);
        return versions == null
                ? null
                : group(name, versions).put("kind", "APIGroup").put("apiVersion", "v1");
    }

    private static ObjectNode group(String name, List<String> versions) {
        ObjectNode group = Json.object().put("name", name);
        ArrayNode list = group.putArray("versions");
        versions.forEach(version ->
                list.addObject().put("groupVersion", name + "/" + version).put("version", version));
        group.putObject("preferredVersion")
                .put("groupVersion", name + "/" + versions.getFirst())
                .put("version", versions.getFirst());
        return group;
    }

    private Map<String, List<String>> versionsByGroup() {
        Map<String, List<String>> versions = new LinkedHashMap<>();
        for (ResourceType type : types.all()) {
            List<String> known = versions.computeIfAbsent(type.group(), _ -> new ArrayList<>());
            if (!known.contains(type.version())) {
                known.add(type.version());
            }
        }
        for (String[] review : Reviews.TYPES) {
            List<String> known = versions.computeIfAbsent(review[0], _ -> new ArrayList<>());
            if (!known.contains(review[1])) {
                known.add(review[1]);
            }
        }
        return versions;
    }

    /** The resources of one group and version; null when there are none. */
    @Nullable
    ObjectNode resources(String apiVersion) {
        ObjectNode list = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", apiVersion);
        ArrayNode resources = list.putArray("resources");
        for (ResourceType type : types.all()) {
            if (type.apiVersion().equals(apiVersion)) {
                describe(resources.addObject(), type, type.plural(), VERBS);
                for (String subresource : subresources(type)) {
                    describe(resources.addObject(), type, type.plural() + "/" + subresource, STATUS_VERBS);
                }
            }
        }
        for (String[] review : Reviews.TYPES) {
            if ((review[0] + "/" + review[1]).equals(apiVersion)) {
                resources
                        .addObject()
                        .put("name", review[2])
                        .put("singularName", "")
                        .put("namespaced", false)
                        .put("kind", review[3])
                        .putArray("verbs")
                        .add("create");
            }
        }
        return resources.isEmpty() ? null : list;
    }

    private static List<String> subresources(ResourceType type) {
        if (type.isPod()) {
            return List.of("status", "log", "binding", "eviction");
        }
        return type.hasStatus() ? List.of("status") : List.of();
    }

    private static void describe(ObjectNode entry, ResourceType type, String name, List<String> verbs) {
        boolean whole = name.equals(type.plural());
        entry.put("name", name)
                .put("singularName", whole ? type.singular() : "")
                .put("namespaced", type.namespaced())
                .put("kind", type.kind());
        ArrayNode list = entry.putArray("verbs");
        verbs.forEach(list::add);
        if (whole) {
            ArrayNode names = entry.putArray("shortNames");
            type.shortNames().forEach(names::add);
            ArrayNode categories = entry.putArray("categories");
            type.categories().forEach(categories::add);
        }
    }

    /** All of it in one document; the core group for {@code /api}, the others for {@code /apis}. */
    ObjectNode aggregated(boolean core) {
        ObjectNode list =
                Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        versionsByGroup().forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                ObjectNode item = items.addObject();
                ObjectNode metadata = item.putObject("metadata");
                if (!core) {
                    metadata.put("name", group);
                }
                metadata.putNull("creationTimestamp");
                ArrayNode entries = item.putArray("versions");
                versions.forEach(version -> aggregateVersion(entries.addObject(), group, version));
            }
        });
        return list;
    }

    private void aggregateVersion(ObjectNode entry, String group, String version) {
        entry.put("version", version).put("freshness", "Current");
        ArrayNode resources = entry.putArray("resources");
        for (ResourceType type : types.all()) {
            if (!type.group().equals(group) || !type.version().equals(version)) {
                continue;
            }
            ObjectNode resource = resources.addObject().put("resource", type.plural());
            kind(resource.putObject("responseKind"), type);
            resource.put("scope", type.namespaced() ? "Namespaced" : "Cluster")
                    .put("singularResource", type.singular());
            ArrayNode verbs = resource.putArray("verbs");
            VERBS.forEach(verbs::add);
            ArrayNode names = resource.putArray("shortNames");
            type.shortNames().forEach(names::add);
            ArrayNode categories = resource.putArray("categories");
            type.categories().forEach(categories::add);
            ArrayNode subresources = resource.putArray("subresources");
            for (String subresource : subresources(type)) {
                ObjectNode sub = subresources.addObject().put("subresource", subresource);
                kind(sub.putObject("responseKind"), type);
                ArrayNode subVerbs = sub.putArray("verbs");
                STATUS_VERBS.forEach(subVerbs::add);
            }
        }
        for (String[] review : Reviews.TYPES) {
            if (review[0].equals(group) && review[1].equals(version)) {
                ObjectNode resource = resources.addObject().put("resource", review[2]);
                resource.putObject("responseKind")
                        .put("group", group)
                        .put("version", version)
                        .put("kind", review[3]);
                resource.put("scope", "Cluster")
                        .put("singularResource", "")
                        .putArray("verbs")
                        .add("create");
            }
        }
    }

    private static void kind(ObjectNode node, ResourceType type) {
        node.put("group", type.group()).put("version", type.version()).put("kind", type.kind());
    }

    /** The index of the OpenAPI v3 documents. */
    ObjectNode openApiIndex() {
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        types.groupVersions().forEach(version -> {
            String path = version.indexOf('/') < 0 ? "api/" + version : "apis/" + version;
            paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path);
        });
        return index;
    }

    /**
     * As much OpenAPI of one group and version as lets kubectl leave validation to the server: each kind's patch operation
     * with its {@code fieldValidation} parameter.
     */
    ObjectNode openApi(String apiVersion) {
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Tiphys").put("version", "v1");
        ObjectNode paths = document.putObject("paths");
        for (ResourceType type : types.all()) {
            if (!type.apiVersion().equals(apiVersion)) {
                continue;
            }
            String root = type.group().isEmpty() ? "/api/" : "/apis/";
            String path = root + apiVersion + (type.namespaced() ? "/namespaces/{namespace}/" : "/") + type.plural()
                    + "/{name}";
            ObjectNode patch = paths.putObject(path).putObject("patch");
            patch.putArray("parameters")
                    .addObject()
                    .put("name", "fieldValidation")
                    .put("in", "query")
                    .putObject("schema")
                    .put("type", "string")
                    .put("uniqueItems", true);
            patch.putObject("responses").putObject("200").put("description", "OK");
            kind(patch.putObject("x-kubernetes-group-version-kind"), type);
        }
        document.putObject("components").putObject("schemas");
        return document;
    }
}
