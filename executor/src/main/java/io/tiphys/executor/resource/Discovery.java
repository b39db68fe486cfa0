package io.tiphys.executor.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds out under which path the API server serves what users name by kind, plural, singular or short name. */
record Discovery(KubeApi api) {

    /** Empty if the server knows no such kind. */
    Optional<ResourceType> ofKind(String apiVersion, String kind) throws IOException {
        JsonNode list;
        try {
            list = api.get((apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion);
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
        for (JsonNode resource : list.path("resources")) {
            if (resource.path("kind").asText().equals(kind)
                    && !resource.path("name").asText().contains("/")) {
                return Optional.of(type(apiVersion, resource));
            }
        }
        return Optional.empty();
    }

    /** By a name as on kubectl's command line: {@code pod}, {@code po}, {@code deployments.apps}, {@code deployments.v1.apps}. */
    ResourceType named(String name) throws IOException {
        String wanted = name.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        String resource = dot < 0 ? wanted : wanted.substring(0, dot);
        String group = dot < 0 ? "" : wanted.substring(dot + 1);
        for (String groupVersion : groupVersions()) {
            if (!group.isEmpty() && !isOf(groupVersion, group)) {
                continue;
            }
            for (JsonNode known : api.get((groupVersion.contains("/") ? "/apis/" : "/api/") + groupVersion)
                    .path("resources")) {
                if (!known.path("name").asText().contains("/") && isCalled(known, resource)) {
                    return type(groupVersion, known);
                }
            }
        }
        throw new KubectlException("error: the server doesn't have a resource type \"" + name + "\"");
    }

    private List<String> groupVersions() throws IOException {
        List<String> versions = new ArrayList<>(List.of("v1"));
        for (JsonNode group : api.get("/apis").path("groups")) {
            String preferred =
                    group.path("preferredVersion").path("groupVersion").asText("");
            if (!preferred.isEmpty()) {
                versions.add(preferred);
            }
            for (JsonNode version : group.path("versions")) {
                String other = version.path("groupVersion").asText();
                if (!other.equals(preferred)) {
                    versions.add(other);
                }
            }
        }
        return versions;
    }

    private static boolean isOf(String groupVersion, String group) {
        int slash = groupVersion.indexOf('/');
        if (slash < 0) {
            return false;
        }
        String itsGroup = groupVersion.substring(0, slash);
        return group.equals(itsGroup) || group.equals(groupVersion.substring(slash + 1) + "." + itsGroup);
    }

    private static boolean isCalled(JsonNode known, String name) {
        if (known.path("name").asText().equals(name)
                || known.path("singularName").asText().equals(name)
                || known.path("kind").asText().toLowerCase(Locale.ROOT).equals(name)) {
            return true;
        }
        return known.path("shortNames")
                .valueStream()
                .anyMatch(shortName -> shortName.asText().equals(name));
    }

    private static ResourceType type(String groupVersion, JsonNode resource) {
        return new ResourceType(
                groupVersion,
                resource.path("kind").asText(),
                resource.path("name").asText(),
                resource.path("namespaced").asBoolean());
    }
}
