package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.tiphys.api.ApiJson;
import io.tiphys.artifactgc.reconcile.WorkflowGateway.Seen;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * All workflows by their metadata. Servers leave out the rest (Kubernetes: "receiving resources as metadata"); of those that don't the rest
 * is read over.
 */
final class MetadataList {
    private static final String ACCEPTED =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
    private static final int PAGE = 100;
    private static final long TIMEOUT_SECONDS = 60;

    private final KubernetesClient client;
    private final String list;

    MetadataList(KubernetesClient client) {
        this.client = client;
        this.list = client.getMasterUrl().toString().replaceAll("/+$", "")
                + "/apis/argoproj.io/v1alpha1/workflows?limit=" + PAGE;
    }

    /** @throws KubernetesClientException if the API server refuses or can't be reached */
    void forEach(Consumer<Seen> visitor) {
        String from = "";
        do {
            from = page(
                    from.isEmpty() ? list : list + "&continue=" + URLEncoder.encode(from, StandardCharsets.UTF_8),
                    visitor);
        } while (!from.isEmpty());
    }

    private String page(String url, Consumer<Seen> visitor) {
        try (JsonParser json = ApiJson.mapper().getFactory().createParser(get(url))) {
            String next = "";
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        visitor.accept(seen(json));
                    }
                } else if (field.equals("metadata")) {
                    next = texts(json).getOrDefault("continue", "");
                } else {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT) {
                throw new IOException("it is cut off");
            }
            return next;
        } catch (IOException e) {
            throw new KubernetesClientException(
                    "the API server's list of workflows can't be read: " + e.getMessage(), e);
        }
    }

    private static Seen seen(JsonParser json) throws IOException {
        Map<String, String> metadata = Map.of();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isMetadata = json.currentName().equals("metadata");
            json.nextToken();
            if (isMetadata) {
                metadata = texts(json);
            } else {
                json.skipChildren();
            }
        }
        return new Seen(
                required(metadata, "namespace"),
                required(metadata, "name"),
                required(metadata, "uid"),
                required(metadata, "resourceVersion"),
                metadata.containsKey("deletionTimestamp"));
    }

    private static String required(Map<String, String> metadata, String field) throws IOException {
        String value = metadata.get(field);
        if (value == null) {
            throw new IOException("an item has no metadata." + field);
        }
        return value;
    }

    /** The fields of the object that begins here and that are texts. */
    private static Map<String, String> texts(JsonParser json) throws IOException {
        Map<String, String> texts = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                texts.put(field, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return texts;
    }

    private byte[] get(String url) {
        CompletableFuture<HttpResponse<byte[]>> answer = client.getHttpClient()
                .sendAsync(
                        client.getHttpClient()
                                .newHttpRequestBuilder()
                                .uri(url)
                                .header("Accept", ACCEPTED)
                                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                                .build(),
                        byte[].class);
        try {
            HttpResponse<byte[]> response = answer.get(2 * TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (response.code() != HttpURLConnection.HTTP_OK) {
                throw new KubernetesClientException(
                        "the API server answered HTTP " + response.code() + " to a list of all workflows",
                        response.code(),
                        null);
            }
            return Objects.requireNonNullElse(response.body(), new byte[0]);
        } catch (ExecutionException e) {
            throw new KubernetesClientException("workflows can't be listed: " + e.getMessage(), e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new KubernetesClientException("the list of all workflows was not answered in time", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted", e);
        }
    }
}
