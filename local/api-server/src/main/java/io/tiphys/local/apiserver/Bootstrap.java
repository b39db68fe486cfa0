package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;

/** What exists on a fresh server: a few namespaces with their service accounts, and the Argo types. */
final class Bootstrap {
    private static final List<String> NAMESPACES = List.of("default", "argo", "kube-system");

    private final Store store;
    private final ResourceTypes types;
    private final Resources resources;

    Bootstrap(Store store, ResourceTypes types, Resources resources) {
        this.store = store;
        this.types = types;
        this.resources = resources;
    }

    /** Creates what is missing; what is there stays as it is. */
    void run() throws IOException {
        for (ObjectNode definition : argoTypes()) {
            createIfAbsent(types.definitions(), "", definition);
        }
        for (String namespace : NAMESPACES) {
            createIfAbsent(types.namespaces(), "", named(namespace));
        }
    }

    /** Follows changes: new types are served, deleted ones not any more, new namespaces get their service account. */
    void observe(Change change) {
        StoredObject object = change.object();
        boolean deleted = change.kind() == Change.Kind.DELETED;
        if (object.type().is("apiextensions.k8s.io", "customresourcedefinitions")) {
            if (deleted) {
                types.undefine(object.name());
            } else {
                types.define(object.toNode());
            }
        } else if (object.type().is("", "namespaces") && change.kind() == Change.Kind.ADDED) {
            createIfAbsent(types.serviceAccounts(), object.name(), named("default"));
        }
    }

    private void createIfAbsent(ResourceType type, String namespace, ObjectNode object) {
        if (store.find(type, namespace, Json.text("", object, "metadata", "name")) == null) {
            resources.create(type, namespace, object, false);
        }
    }

    private static ObjectNode named(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        return object;
    }

    private static List<ObjectNode> argoTypes() throws IOException {
        try (InputStream in = Bootstrap.class.getResourceAsStream("argo-types.yaml")) {
            if (in == null) {
                throw new IOException("argo-types.yaml is missing from the API server's jar");
            }
            JsonNode list = Json.parse(in.readAllBytes(), true);
            return list.valueStream().map(Bootstrap::definition).toList();
        }
    }

    /** A CustomResourceDefinition that takes any content, from a short description. */
    private static ObjectNode definition(JsonNode type) {
        String group = Json.text("argoproj.io", type, "group");
        String kind = Json.text("", type, "kind");
        String plural = Json.text("", type, "plural");
        ObjectNode definition = named(plural + "." + group);
        ObjectNode spec = definition.putObject("spec").put("group", group);
        spec.put("scope", Json.text("Namespaced", type, "scope"));
        ObjectNode names = spec.putObject("names")
                .put("kind", kind)
                .put("listKind", kind + "List")
                .put("plural", plural)
                .put("singular", kind.toLowerCase(Locale.ROOT));
        names.set("shortNames", type.path("shortNames"));
        ObjectNode version = spec.putArray("versions")
                .addObject()
                .put("name", "v1alpha1")
                .put("served", true)
                .put("storage", true);
        if (type.path("status").asBoolean(true)) {
            version.putObject("subresources").putObject("status");
        }
        version.putObject("schema")
                .putObject("openAPIV3Schema")
                .put("type", "object")
                .put("x-kubernetes-preserve-unknown-fields", true);
        if (type.get("columns") instanceof ArrayNode columns) {
            version.set("additionalPrinterColumns", columns);
        }
        return definition;
    }
}
