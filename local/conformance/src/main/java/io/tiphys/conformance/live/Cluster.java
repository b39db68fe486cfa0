package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.conformance.suite.CaseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The Kubernetes API: objects of any kind that the server knows. */
final class Cluster {
    private final Api api;
    private final Map<String, Map<String, Resource>> resources = new ConcurrentHashMap<>();

    Cluster(Api api) {
        this.api = api;
    }

    /** How a kind is addressed. */
    record Resource(String plural, boolean namespaced) {}

    void createNamespace(String name) throws InterruptedException {
        ObjectNode namespace =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", name);
        Api.Answer answer = api.post("/api/v1/namespaces", namespace);
        if (!answer.isOk()) {
            throw new CaseException("namespace " + name + " can't be created: " + answer.message());
        }
        awaitServiceAccount(name);
    }

    /** Pods of a namespace can't be created before its service account is there. */
    private void awaitServiceAccount(String namespace) throws InterruptedException {
        Instant limit = Instant.now().plusSeconds(10);
        while (!api.get("/api/v1/namespaces/" + namespace + "/serviceaccounts/default")
                        .isOk()
                && Instant.now().isBefore(limit)) {
            Pause.of(Duration.ofMillis(50));
        }
    }

    void deleteNamespace(String name) throws InterruptedException {
        api.delete("/api/v1/namespaces/" + name);
    }

    boolean isClusterScoped(JsonNode object) throws InterruptedException {
        return !resource(object).namespaced();
    }

    /** Creates an object; a namespaced one in this namespace, whatever it says itself. */
    Api.Answer create(JsonNode object, String namespace) throws InterruptedException {
        return api.post(collection(object, namespace), object);
    }

    Api.Answer replace(JsonNode object, String namespace) throws InterruptedException {
        return api.put(collection(object, namespace) + "/" + name(object), object);
    }

    Api.Answer read(JsonNode object, String namespace, String name) throws InterruptedException {
        return api.get(collection(object, namespace) + "/" + name);
    }

    void delete(JsonNode object, String namespace) throws InterruptedException {
        api.delete(collection(object, namespace) + "/" + name(object));
    }

    /** The workflow, or empty if it is gone. */
    Optional<JsonNode> workflow(String namespace, String name) throws InterruptedException {
        Api.Answer answer = api.get("/apis/argoproj.io/v1alpha1/namespaces/" + namespace + "/workflows/" + name);
        if (answer.code() == 404) {
            return Optional.empty();
        }
        if (!answer.isOk()) {
            throw new CaseException("workflow " + name + " can't be read: " + answer.message());
        }
        return Optional.of(answer.body());
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText("");
    }

    private String collection(JsonNode object, String namespace) throws InterruptedException {
        Resource resource = resource(object);
        return root(object.path("apiVersion").asText(""))
                + (resource.namespaced() ? "/namespaces/" + namespace : "")
                + "/" + resource.plural();
    }

    private static String root(String apiVersion) {
        return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
    }

    private Resource resource(JsonNode object) throws InterruptedException {
        String version = object.path("apiVersion").asText("");
        Map<String, Resource> known = resources.get(version);
        if (known == null) {
            known = discover(version);
            resources.put(version, known);
        }
        Resource resource = known.get(object.path("kind").asText(""));
        if (resource == null) {
            throw new CaseException(
                    "the server doesn't know kind \"" + object.path("kind").asText("") + "\" of \"" + version + "\"");
        }
        return resource;
    }

    private Map<String, Resource> discover(String version) throws InterruptedException {
        Map<String, Resource> found = new ConcurrentHashMap<>();
        for (JsonNode each : api.get(root(version)).body().path("resources")) {
            String plural = each.path("name").asText("");
            if (!plural.contains("/")) {
                found.put(
                        each.path("kind").asText(""),
                        new Resource(plural, each.path("namespaced").asBoolean()));
            }
        }
        return found;
    }
}
