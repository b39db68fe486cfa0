package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code pods/{name}/log}: passes the question on to the node that the pod is bound to, and its answer back as it comes. */
final class PodLogs implements AutoCloseable {
    private static final Set<String> PASSED_ON =
            Set.of("follow", "tailLines", "sinceSeconds", "sinceTime", "timestamps", "limitBytes", "previous");

    private final Store store;
    private final ResourceTypes types;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    PodLogs(Store store, ResourceTypes types) {
        this.store = store;
        this.types = types;
    }

    void serve(Request request, String namespace, String name) throws IOException, InterruptedException {
        ObjectNode pod = store.get(types.pods(), namespace, name).toNode();
        String container = container(pod, name, request.query().get("container"));
        checkStarted(pod, name, container);
        String query = request.query().entrySet().stream()
                .filter(entry -> PASSED_ON.contains(entry.getKey()))
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        URI uri = URI.create(agent(pod) + "/containerLogs/" + namespace + "/" + name + "/" + container
                + (query.isEmpty() ? "" : "?" + query));
        HttpResponse<InputStream> response;
        try {
            response = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new ApiException(
                    503, "ServiceUnavailable", "the node of pod \"" + name + "\" doesn't answer: " + e.getMessage());
        }
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                String message = new String(in.readNBytes(4096), StandardCharsets.UTF_8).strip();
                throw new ApiException(
                        response.statusCode(), response.statusCode() == 404 ? "NotFound" : "BadRequest", message);
            }
            copy(in, request);
        }
    }

    private static void copy(InputStream in, Request request) throws IOException {
        try (OutputStream out = request.stream(200, "text/plain")) {
            byte[] buffer = new byte[8192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                if (in.available() == 0) {
                    out.flush();
                }
            }
        }
    }

    private static String container(ObjectNode pod, String name, @Nullable String wanted) {
        List<String> names = new ArrayList<>();
        for (String list : List.of("containers", "initContainers", "ephemeralContainers")) {
            pod.path("spec").path(list).forEach(container -> names.add(Json.text("", container, "name")));
        }
        if (wanted != null && !wanted.isEmpty()) {
            if (!names.contains(wanted)) {
                throw ApiException.badRequest("container " + wanted + " is not valid for pod " + name);
            }
            return wanted;
        }
        if (pod.path("spec").path("containers").size() > 1) {
            throw ApiException.badRequest("a container name must be specified for pod " + name + ", choose one of: "
                    + String.join(" ", names));
        }
        return names.getFirst();
    }

    private static void checkStarted(ObjectNode pod, String name, String container) {
        for (String list : List.of("containerStatuses", "initContainerStatuses")) {
            for (JsonNode status : pod.path("status").path(list)) {
                if (container.equals(Json.text(status, "name"))) {
                    if (!status.path("state").has("waiting")
                            || status.path("lastState").has("terminated")) {
                        return;
                    }
                    throw waiting(name, container, Json.text("Waiting", status, "state", "waiting", "reason"));
                }
            }
        }
        if (Json.text("", pod, "spec", "nodeName").isEmpty()) {
            throw waiting(name, container, "the pod is not bound to a node yet");
        }
    }

    private static ApiException waiting(String pod, String container, String why) {
        return ApiException.badRequest(
                "container \"" + container + "\" in pod \"" + pod + "\" is waiting to start: " + why);
    }

    private String agent(ObjectNode pod) {
        String nodeName = Json.text("", pod, "spec", "nodeName");
        StoredObject node = store.find(types.nodes(), "", nodeName);
        if (node != null) {
            JsonNode status = node.toNode().path("status");
            int port = status.path("daemonEndpoints")
                    .path("kubeletEndpoint")
                    .path("Port")
                    .asInt(0);
            for (JsonNode address : status.path("addresses")) {
                if (port > 0 && "InternalIP".equals(Json.text(address, "type"))) {
                    return "http://" + Json.text("127.0.0.1", address, "address") + ":" + port;
                }
            }
        }
        throw new ApiException(
                503, "ServiceUnavailable", "node \"" + nodeName + "\" has registered no address for logs");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
