package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A real HTTP server that speaks as much of Argo's REST API as the commands use, over workflows that a test scripts. */
final class FakeArgo implements AutoCloseable {
    private final HttpServer http;
    /** What is answered to a method and path that are not known otherwise. */
    final Map<String, JsonNode> answers = new ConcurrentHashMap<>();

    final Map<String, ObjectNode> workflows = new ConcurrentHashMap<>();
    final Map<String, List<ObjectNode>> laterStates = new ConcurrentHashMap<>();
    final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();
    private int created;

    /** Where answers with an artifact break off, one after the other; none: they don't. */
    final Deque<Integer> breaksAt = new ConcurrentLinkedDeque<>();
    /** Which parts of an artifact were sent. */
    final List<String> sent = new CopyOnWriteArrayList<>();

    volatile String artifactEtag = "\"1\"";

    FakeArgo() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::answer);
        http.start();
    }

    String url() {
        return "http://localhost:" + http.getAddress().getPort();
    }

    @Override
    public void close() {
        http.stop(0);
    }

    /** A workflow as the server would show it. */
    ObjectNode workflow(String name, String phase) {
        ObjectNode workflow = Json.object().put("kind", "Workflow");
        workflow.putObject("metadata")
                .put("name", name)
                .put("namespace", "default")
                .put("creationTimestamp", "2026-11-22T10:00:00Z");
        workflow.putObject("spec");
        ObjectNode status = workflow.putObject("status").put("phase", phase).put("startedAt", "2026-11-22T10:00:01Z");
        if (Phase.of(phase).isFinal()) {
            status.put("finishedAt", "2026-11-22T10:00:13Z");
        }
        status.putObject("nodes");
        workflows.put(name, workflow);
        return workflow;
    }

    static ObjectNode node(ObjectNode workflow, String id, String name, String type, String phase, String boundary) {
        ObjectNode node = ((ObjectNode) workflow.path("status").path("nodes")).putObject(id);
        String last = name.substring(name.lastIndexOf('.') + 1);
        String shown = type.equals("StepGroup") ? last.substring(last.indexOf('[')) : last;
        node.put("id", id)
                .put("name", name)
                .put("displayName", shown)
                .put("type", type)
                .put("phase", phase);
        node.put("startedAt", "2026-11-22T10:00:02Z").put("finishedAt", "2026-11-22T10:00:05Z");
        node.put("templateName", "t");
        if (!boundary.isEmpty()) {
            node.put("boundaryID", boundary);
        }
        node.putArray("children");
        return node;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getRawQuery() == null
                ? ""
                : exchange.getRequestURI().getRawQuery();
        requests.add(exchange.getRequestMethod() + " " + path
                + (query.isEmpty() ? "" : "?" + URLDecoder.decode(query, StandardCharsets.UTF_8))
                + (body.isEmpty() ? "" : " " + body));
        try (exchange) {
            List<String> parts = List.of(path.substring(1).split("/"));
            JsonNode canned = answers.get(exchange.getRequestMethod() + " " + path);
            if (canned != null) {
                send(exchange, 200, path.startsWith("/artifact-orphans/") ? lines(canned) : Json.text(canned));
            } else if (path.startsWith("/artifacts/")) {
                artifact(exchange, "content of " + parts.getLast());
            } else if (path.startsWith("/upload-artifacts/")) {
                send(exchange, 200, "{\"name\":\"n\",\"key\":\"uploads/k\"}");
            } else if (path.startsWith("/api/v1/workflow-events/")) {
                events(exchange, query);
            } else if (path.endsWith("/log")) {
                logs(exchange);
            } else if (parts.size() > 2 && parts.get(2).equals("workflows")) {
                workflows(exchange, parts, body);
            } else if (parts.size() > 2 && exchange.getRequestMethod().equals("POST")) {
                ObjectNode answer = (ObjectNode) Json.parse(body);
                JsonNode object = answer.has("template") ? answer.path("template") : answer.path("cronWorkflow");
                send(exchange, 200, Json.text(object));
            } else {
                refuse(exchange, 404, 5, "not found: " + path);
            }
        }
    }

    /** A file with an ETag that takes ranges, and breaks off where the test wants it to. */
    private void artifact(HttpExchange exchange, String text) throws IOException {
        byte[] whole = text.getBytes(StandardCharsets.UTF_8);
        String range = exchange.getRequestHeaders().getFirst("Range");
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        int from = range == null || !artifactEtag.equals(ifRange)
                ? 0
                : Integer.parseInt(range.replaceFirst("bytes=(\\d+)-", "$1"));
        exchange.getResponseHeaders().add("ETag", artifactEtag);
        int to = breaksAt.isEmpty() ? whole.length : Math.max(from, breaksAt.removeFirst());
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, whole.length - from);
        exchange.getResponseBody().write(whole, from, to - from);
        exchange.getResponseBody().flush();
        sent.add(from + "-" + to);
    }

    private void workflows(HttpExchange exchange, List<String> parts, String body) throws IOException {
        String method = exchange.getRequestMethod();
        String name = parts.size() > 4 ? parts.get(4) : "";
        if (method.equals("POST")) {
            create(exchange, (ObjectNode) Json.parse(body).path("workflow"));
        } else if (name.isEmpty()) {
            ObjectNode list = Json.object();
            list.putObject("metadata");
            List<ObjectNode> sorted = new ArrayList<>(workflows.values());
            sorted.sort((a, b) -> a.path("metadata")
                    .path("name")
                    .asText()
                    .compareTo(b.path("metadata").path("name").asText()));
            list.putArray("items").addAll(sorted);
            send(exchange, 200, Json.text(list));
        } else {
            ObjectNode workflow =
                    name.equals("@latest") ? workflows.values().iterator().next() : workflows.get(name);
            if (workflow == null) {
                refuse(exchange, 404, 5, "workflows.argoproj.io \"" + name + "\" not found");
            } else {
                if (method.equals("DELETE")) {
                    workflows.remove(name);
                }
                send(exchange, 200, Json.text(workflow));
            }
        }
    }

    private void create(HttpExchange exchange, ObjectNode workflow) throws IOException {
        if (!workflow.path("spec").has("entrypoint")) {
            refuse(exchange, 400, 3, "spec.entrypoint: is required");
            return;
        }
        ObjectNode metadata = (ObjectNode) workflow.path("metadata");
        String name = metadata.path("name").asText(metadata.path("generateName").asText() + "x" + ++created);
        metadata.put("name", name).put("namespace", "default");
        workflows.put(name, workflow);
        send(exchange, 200, Json.text(workflow));
    }

    /** Each element on a line of its own. */
    private static String lines(JsonNode elements) {
        StringBuilder lines = new StringBuilder();
        elements.forEach(each -> lines.append(each).append('\n'));
        return lines.toString();
    }

    /** The states that the test has planned, each once. */
    private void events(HttpExchange exchange, String query) throws IOException {
        String name = query.replaceFirst(".*metadata\\.name%3D([^&]*).*", "$1");
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
        for (ObjectNode state : laterStates.getOrDefault(name, List.of())) {
            ObjectNode event = Json.object();
            event.putObject("result").put("type", "MODIFIED").set("object", state);
            workflows.put(name, state);
            out.write(("data: " + Json.text(event) + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private static void logs(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        out.write(
                "data: {\"result\":{\"content\":\"moo\",\"podName\":\"cow-1\"}}\n\n".getBytes(StandardCharsets.UTF_8));
        out.write(
                "data: {\"result\":{\"content\":\"bye\",\"podName\":\"cow-2\"}}\n\n".getBytes(StandardCharsets.UTF_8));
    }

    private static void refuse(HttpExchange exchange, int status, int code, String message) throws IOException {
        send(
                exchange,
                status,
                Json.text(
                        Json.object().put("code", code).put("message", message).put("error", message)));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
