package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds out what a request is about and has it answered; turns refusals and failures into Status objects. */
final class ApiHandler implements HttpHandler {
    private static final System.Logger LOG = System.getLogger(ApiHandler.class.getName());

    private final ApiServerConfig config;
    private final ResourceTypes types;
    private final Discovery discovery;
    private final ObjectEndpoint objects;

    ApiHandler(ApiServerConfig config, ResourceTypes types, ObjectEndpoint objects) {
        this.config = config;
        this.types = types;
        this.discovery = new Discovery(types);
        this.objects = objects;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = null;
            try {
                request = new Request(exchange, config.maxBodyBytes());
                checkHost(request);
                route(request);
            } catch (ApiException e) {
                refuse(exchange, request, e);
            } catch (IOException _) {
                // the client is gone; there is nobody to tell
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "cannot answer " + exchange.getRequestMethod() + " "
                                + exchange.getRequestURI().getPath(),
                        e);
                refuse(exchange, request, new ApiException(500, "InternalError", "internal error: " + e));
            }
        }
    }

    private static void refuse(HttpExchange exchange, @Nullable Request request, ApiException why) throws IOException {
        if (request != null && request.isAnswered()) {
            return;
        }
        if (request == null || request.leavesBodyUnread()) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        byte[] body = Json.encode(why.toStatus());
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(why.code(), body.length);
        exchange.getResponseBody().write(body);
    }

    /** On loopback, refuses names that a web page could have pointed here (DNS rebinding). */
    private void checkHost(Request request) {
        String host = request.header("Host");
        if (host.isEmpty() || !isLoopback(config.host())) {
            return;
        }
        String name = String.valueOf(
                URI.create("http://" + host.replaceAll("[^\\w.:\\[\\]-]", "")).getHost());
        boolean own = name.toLowerCase(Locale.ROOT).equals("localhost")
                || name.equals(config.host())
                || name.startsWith("127.")
                || name.equals("[::1]");
        if (!own) {
            throw new ApiException(403, "Forbidden", "this server answers to localhost only, not to \"" + host + "\"");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private void route(Request request) throws IOException, InterruptedException {
        if (request.header("Upgrade").equalsIgnoreCase("websocket")) {
            // No WebSockets here. 200 makes the Fabric8 client watch over plain HTTP at once; after a 503 it would
            // first try again for twenty seconds.
            request.answer(
                    200, Json.object().put("kind", "Status").put("message", "no WebSockets here; use plain HTTP"));
            return;
        }
        List<String> path = request.path();
        switch (path.isEmpty() ? "" : path.getFirst()) {
            case "" -> request.answer(200, rootPaths());
            case "healthz", "livez", "readyz" ->
                request.answer(200, "text/plain", "ok".getBytes(StandardCharsets.UTF_8));
            case "version" -> request.answer(200, version());
            case "openapi" -> openApi(request);
            case "api" -> core(request);
            case "apis" -> grouped(request);
            default -> throw ApiException.noSuchPath();
        }
    }

    private static ObjectNode rootPaths() {
        ObjectNode root = Json.object();
        ArrayNode paths = root.putArray("paths");
        List.of("/api", "/api/v1", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version")
                .forEach(paths::add);
        return root;
    }

    private static ObjectNode version() {
        return Json.object()
                .put("major", "1")
                .put("minor", "32")
                .put("gitVersion", "v1.32.0+tiphys")
                .put("platform", System.getProperty("os.name", "").toLowerCase(Locale.ROOT) + "/java");
    }

    private void openApi(Request request) throws IOException {
        List<String> path = request.path();
        if (path.size() < 2 || !path.get(1).equals("v3")) {
            throw ApiException.noSuchPath();
        }
        if (path.size() == 2) {
            request.answer(200, discovery.openApiIndex());
            return;
        }
        String version = String.join("/", path.subList(3, path.size()));
        request.answer(200, discovery.openApi(version));
    }

    private void core(Request request) throws IOException, InterruptedException {
        List<String> path = request.path();
        if (path.size() == 1) {
            answerGroups(request, true, discovery.coreVersions());
        } else if (!path.get(1).equals("v1")) {
            throw ApiException.noSuchPath();
        } else if (path.size() == 2) {
            request.answer(200, found(discovery.resources("v1")));
        } else {
            resource(request, "v1", path.subList(2, path.size()));
        }
    }

    private void grouped(Request request) throws IOException, InterruptedException {
        List<String> path = request.path();
        if (path.size() == 1) {
            answerGroups(request, false, discovery.groups());
            return;
        }
        if (path.size() == 2) {
            request.answer(200, found(discovery.group(path.get(1))));
            return;
        }
        String apiVersion = path.get(1) + "/" + path.get(2);
        if (path.size() == 3) {
            request.answer(200, found(discovery.resources(apiVersion)));
        } else {
            resource(request, apiVersion, path.subList(3, path.size()));
        }
    }

    private void answerGroups(Request request, boolean core, ObjectNode legacy) throws IOException {
        if (Discovery.wantsAggregated(request)) {
            request.answer(200, Discovery.AGGREGATED, Json.encode(discovery.aggregated(core)));
        } else {
            request.answer(200, legacy);
        }
    }

    private static ObjectNode found(@Nullable ObjectNode document) {
        if (document == null) {
            throw ApiException.noSuchPath();
        }
        return document;
    }

    private void resource(Request request, String apiVersion, List<String> path)
            throws IOException, InterruptedException {
        if (request.method().equals("POST")) {
            String plural = path.getLast();
            if (Reviews.isReview(apiVersion, plural)) {
                request.answer(201, Reviews.answer(plural, request.object()));
                return;
            }
        }
        boolean inNamespace =
                path.size() > 2 && path.getFirst().equals("namespaces") && types.find(apiVersion, path.get(2)) != null;
        List<String> rest = inNamespace ? path.subList(2, path.size()) : path;
        ResourceType type = types.find(apiVersion, rest.getFirst());
        if (type == null || rest.size() > 3 || (inNamespace && !type.namespaced())) {
            throw ApiException.noSuchPath();
        }
        String namespace = inNamespace ? path.get(1) : "";
        switch (rest.size()) {
            case 1 -> objects.collection(request, type, namespace);
            case 2 -> objects.object(request, type, namespace, rest.get(1));
            default -> objects.subresource(request, type, namespace, rest.get(1), rest.get(2));
        }
    }
}
