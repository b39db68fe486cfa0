package io.tiphys.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the API server as bytes, through the Kubernetes client's own connections and credentials. Answers are only read
 * as far as somebody wants to know; where it can, the server leaves out all but the metadata. The client's own {@code patch} would
 * read the whole object before it changes it. Blocks its caller, for a minute at most; what the server refuses and what
 * doesn't reach it is a {@link KubernetesClientException}. Safe for use by many threads.
 */
public final class RawRequests {
    private static final long TIMEOUT_SECONDS = 30;
    private static final int FIRST_ERROR = 400;
    private static final JsonFactory JSON_FACTORY = new JsonFactory();
    private static final String JSON = "application/json";
    /** All but the metadata is left out by servers that can do so. */
    private static final String METADATA_ONLY =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

    private static final String METADATA_LIST =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

    public static final String MERGE_PATCH = "application/merge-patch+json";
    public static final String JSON_PATCH = "application/json-patch+json";

    private final HttpClient http;
    private final String server;
    private final ObjectMapper mapper;

    public RawRequests(KubernetesClient client) {
        this.http = client.getHttpClient();
        this.server = client.getMasterUrl().toString().replaceAll("/+$", "");
        this.mapper = new ObjectMapper();
    }

    public static String eventsPath(String namespace) {
        return "/api/v1/namespaces/" + encoded(namespace) + "/events";
    }

    public static String podsPath(String namespace) {
        return "/api/v1/namespaces/" + encoded(namespace) + "/pods";
    }

    public static String podPath(String namespace, String name) {
        return podsPath(namespace) + "/" + encoded(name);
    }

    public static String workflowPath(String namespace, String name) {
        return workflowsPath(namespace) + "/" + encoded(name);
    }

    public static String workflowsPath(String namespace) {
        return "/apis/argoproj.io/v1alpha1/namespaces/" + encoded(namespace) + "/workflows";
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The whole answer. */
    public byte[] get(String path) {
        return send(http.newHttpRequestBuilder().uri(server + path), JSON);
    }

    /** The whole answer; empty if there is no such object. */
    public Optional<byte[]> find(String path) {
        try {
            return Optional.of(get(path));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A list whose items are, where the server can do so, their metadata alone. */
    public byte[] listMetadata(String path) {
        return send(http.newHttpRequestBuilder().uri(server + path), METADATA_LIST);
    }

    /** Opens a watch; its lines come on a thread of the client. */
    public WatchConnection watch(String path, WatchConnection.Lines lines) throws InterruptedException {
        WatchConnection connection = new WatchConnection(lines);
        HttpRequest request =
                http.newHttpRequestBuilder().uri(server + path).forStreaming().build();
        CompletableFuture<HttpResponse<AsyncBody>> answer = http.consumeBytes(request, connection);
        HttpResponse<AsyncBody> response = await(request, answer);
        if (response.code() >= FIRST_ERROR) {
            response.body().cancel();
            throw failure(request, response.code(), new byte[0]);
        }
        connection.opened(response.body());
        return connection;
    }

    public byte[] create(String path, byte[] object) {
        return send(http.newHttpRequestBuilder().uri(server + path).post(JSON, object), METADATA_ONLY);
    }

    public byte[] patch(String path, String patchType, byte[] patch) {
        return patch(path, patchType, new String(patch, StandardCharsets.UTF_8));
    }

    /** The body goes as a text: as a stream it would be read by a thread of its own, for which a worker of Vert.x that waits here waits for ever. */
    public byte[] patch(String path, String patchType, String patch) {
        return send(http.newHttpRequestBuilder().uri(server + path).patch(patchType, patch), METADATA_ONLY);
    }

    /** {@code metadata.resourceVersion} of an answer. */
    public static String resourceVersion(byte[] object) {
        try (JsonParser json = JSON_FACTORY.createParser(object)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                boolean isMetadata = json.currentName().equals("metadata");
                json.nextToken();
                if (!isMetadata) {
                    json.skipChildren();
                    continue;
                }
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    boolean isVersion = json.currentName().equals("resourceVersion");
                    json.nextToken();
                    if (isVersion) {
                        return json.getText();
                    }
                    json.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new KubernetesClientException("the API server's answer can't be read: " + e.getMessage(), e);
        }
        throw new KubernetesClientException("the API server's answer has no metadata.resourceVersion");
    }

    public byte[] delete(String path) {
        return send(http.newHttpRequestBuilder().uri(server + path).delete(JSON, "{}"), METADATA_ONLY);
    }

    private byte[] send(HttpRequest.Builder request, String accepted) {
        HttpRequest built = request.header("Accept", accepted)
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .build();
        try {
            HttpResponse<byte[]> response = await(built, http.sendAsync(built, byte[].class));
            byte[] body = Objects.requireNonNullElse(response.body(), new byte[0]);
            if (response.code() >= FIRST_ERROR) {
                throw failure(built, response.code(), body);
            }
            return body;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted", e);
        }
    }

    private static <T> HttpResponse<T> await(HttpRequest request, CompletableFuture<HttpResponse<T>> answer)
            throws InterruptedException {
        try {
            return answer.get(TIMEOUT_SECONDS * 2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof KubernetesClientException known) {
                throw known;
            }
            throw new KubernetesClientException(
                    request.method() + " " + request.uri() + ": " + cause.getMessage(), cause);
        } catch (CancellationException e) {
            throw new KubernetesClientException(request.method() + " " + request.uri() + " was given up", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new KubernetesClientException(
                    request.method() + " " + request.uri() + " was not answered in time", e);
        }
    }

    private KubernetesClientException failure(HttpRequest request, int code, byte[] body) {
        Status status = status(body);
        String said = status == null || status.getMessage() == null
                ? new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8)
                : status.getMessage();
        return new KubernetesClientException(
                request.method() + " " + request.uri() + " was answered " + code + ": " + said, code, status);
    }

    private @Nullable Status status(byte[] body) {
        try {
            return mapper.readValue(body, Status.class);
        } catch (JsonProcessingException e) {
            return null; // something between us and the server answered, in words of its own
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can't be read", e);
        }
    }
}
