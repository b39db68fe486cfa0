package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.conformance.suite.CaseException;
import java.util.Map;
import java.util.Optional;

/** Argo's REST API, for what clients do to workflows. */
final class Door {
    private final Api api;

    Door(Api api) {
        this.api = api;
    }

    void resume(String namespace, String name, String selector) throws InterruptedException {
        act(namespace, name, "resume", request().put("nodeFieldSelector", selector));
    }

    void suspend(String namespace, String name) throws InterruptedException {
        act(namespace, name, "suspend", request());
    }

    void stop(String namespace, String name, String selector, String message) throws InterruptedException {
        act(
                namespace,
                name,
                "stop",
                request().put("nodeFieldSelector", selector).put("message", message));
    }

    void terminate(String namespace, String name) throws InterruptedException {
        act(namespace, name, "terminate", request());
    }

    void retry(String namespace, String name) throws InterruptedException {
        act(namespace, name, "retry", request());
    }

    void setOutputs(String namespace, String name, String selector, Map<String, String> values)
            throws InterruptedException {
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        values.forEach(parameters::put);
        act(
                namespace,
                name,
                "set",
                request().put("nodeFieldSelector", selector).put("outputParameters", parameters.toString()));
    }

    /** The workflow with all its nodes, from wherever they are kept. */
    Optional<JsonNode> workflow(String namespace, String name) throws InterruptedException {
        Api.Answer answer = api.get("/api/v1/workflows/" + namespace + "/" + name);
        return answer.isOk() ? Optional.of(answer.body()) : Optional.empty();
    }

    private static ObjectNode request() {
        return JsonNodeFactory.instance.objectNode();
    }

    private void act(String namespace, String name, String action, ObjectNode request) throws InterruptedException {
        request.put("namespace", namespace).put("name", name);
        Api.Answer answer = api.put("/api/v1/workflows/" + namespace + "/" + name + "/" + action, request);
        if (!answer.isOk()) {
            throw new CaseException(action + " was refused: " + answer.message());
        }
    }
}
