package io.tiphys.artifacts.hdfs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tiphys.artifacts.HttpCalls;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operations of WebHDFS (Hadoop's documentation, "WebHDFS REST API") at whichever name node is the active one. */
final class WebHdfs {
    private static final int MAX_ANSWER = 64 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpCalls calls;
    private final List<URI> nameNodes;
    private final @Nullable String user;

    WebHdfs(HttpCalls calls, List<URI> nameNodes, @Nullable String user) {
        this.calls = calls;
        this.nameNodes = nameNodes;
        this.user = user;
    }

    String name() {
        return "hdfs://" + nameNodes.getFirst().getAuthority();
    }

    /** An operation that answers JSON, or nothing. */
    JsonNode call(String method, String path, String op, Map<String, String> parameters) throws StoreException {
        var what = what(op, path);
        var answer = active(what, method, path, op, parameters);
        if (answer.statusCode() / 100 != 2) {
            throw refused(what, answer);
        }
        try (var in = answer.body()) {
            var bytes = in.readNBytes(MAX_ANSWER);
            return bytes.length == 0 ? MissingNode.getInstance() : JSON.readTree(bytes);
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot " + what + ": the answer is no JSON", e);
        }
    }

    /** Content from a data node, where the name node sends us. */
    InputStream open(String path, Map<String, String> parameters) throws StoreException {
        var what = what("OPEN", path);
        var answer = active(what, "GET", path, "OPEN", parameters);
        if (answer.statusCode() / 100 == 3) {
            var node = redirect(what, answer);
            answer = calls.send(what, HttpRequest.newBuilder(node).GET(), 0);
        }
        if (answer.statusCode() / 100 != 2) {
            throw refused(what, answer);
        }
        return calls.content(answer);
    }

    /** Content to a data node: the name node is asked without a body where it may go. */
    void create(String path, boolean overwrite, InputStream content, long sizeBytes) throws StoreException {
        var what = what("CREATE", path);
        var answer = active(what, "PUT", path, "CREATE", Map.of("overwrite", Boolean.toString(overwrite)));
        if (answer.statusCode() / 100 != 3) {
            throw answer.statusCode() / 100 == 2
                    ? new StoreException(Kind.UNAVAILABLE, "cannot " + what + ": the name node names no data node")
                    : refused(what, answer);
        }
        var node = redirect(what, answer);
        answer = calls.send(
                what,
                HttpRequest.newBuilder(node)
                        .header("Content-Type", "application/octet-stream")
                        .PUT(HttpCalls.body(content, sizeBytes)),
                sizeBytes);
        if (answer.statusCode() / 100 != 2) {
            throw refused(what, answer);
        }
        HttpCalls.done(answer);
    }

    private String what(String op, String path) {
        return op + " " + name() + path;
    }

    /** Asks one name node after the other until one is no standby. */
    private HttpResponse<InputStream> active(
            String what, String method, String path, String op, Map<String, String> parameters) throws StoreException {
        StoreException last = null;
        for (var node : nameNodes) {
            var request =
                    HttpRequest.newBuilder(uri(node, path, op, parameters)).method(method, BodyPublishers.noBody());
            try {
                var answer = calls.send(what, request, 0);
                if (answer.statusCode() != 403) {
                    return answer;
                }
                last = refused(what, answer);
                if (last.kind() != Kind.UNAVAILABLE) {
                    throw last;
                }
            } catch (StoreException e) {
                if (e.kind() != Kind.UNAVAILABLE) {
                    throw e;
                }
                last = e;
            }
        }
        throw last == null ? new StoreException(Kind.REFUSED, "cannot " + what + ": no name node") : last;
    }

    private URI uri(URI node, String path, String op, Map<String, String> parameters) {
        var text = new StringBuilder(node.toString()).append("/webhdfs/v1");
        for (var segment : path.substring(1).split("/", -1)) {
            text.append('/').append(encode(segment));
        }
        text.append("?op=").append(op);
        if (user != null) {
            text.append("&user.name=").append(encode(user));
        }
        new TreeMap<>(parameters)
                .forEach((name, value) ->
                        text.append('&').append(name).append('=').append(encode(value)));
        return URI.create(text.toString());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static URI redirect(String what, HttpResponse<InputStream> answer) throws StoreException {
        var location = answer.headers().firstValue("Location").orElse("");
        HttpCalls.done(answer);
        try {
            var uri = URI.create(location);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new StoreException(Kind.UNAVAILABLE, "cannot " + what + ": the name node names no data node");
    }

    /** WebHDFS tells failures as {@code {"RemoteException": {"exception": …, "message": …}}}. */
    private static StoreException refused(String what, HttpResponse<InputStream> answer) {
        try (var in = answer.body()) {
            var error = JSON.readTree(in.readNBytes(64 * 1024)).path("RemoteException");
            var exception = error.path("exception").asText("HTTP " + answer.statusCode());
            var message = error.path("message").asText("").lines().findFirst().orElse("");
            var kind = exception.equals("StandbyException")
                            || exception.equals("RetriableException")
                            || exception.equals("SafeModeException")
                    ? Kind.UNAVAILABLE
                    : exception.equals("FileNotFoundException")
                            ? Kind.NOT_FOUND
                            : StoreException.kindOf(answer.statusCode());
            return new StoreException(kind, "cannot " + what + ": " + exception + ", " + message);
        } catch (IOException e) {
            return new StoreException(
                    StoreException.kindOf(answer.statusCode()), "cannot " + what + ": HTTP " + answer.statusCode());
        }
    }
}
