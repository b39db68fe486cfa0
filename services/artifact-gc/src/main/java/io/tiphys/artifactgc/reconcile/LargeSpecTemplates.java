package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.LargeSpec;
import io.tiphys.api.Template;
import io.tiphys.api.Workflow;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * The templates of specs that are too large for their object ({@link LargeSpec}), from the archive: names, metadata and artifacts,
 * which is what deletion goes by. Of the rest nothing is kept, however large it is.
 */
public final class LargeSpecTemplates {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Set<String> KEPT = Set.of("name", "metadata", "inputs", "outputs");

    private final Optional<URI> archive;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    public LargeSpecTemplates(Optional<URI> archive) {
        this.archive = archive;
    }

    /**
     * The workflow with its templates; as it is if it has them, or if the archive knows its spec no more.
     *
     * @throws GcFailedException if the archive can't be asked: what a template keeps must not be deleted
     */
    Workflow complete(Workflow workflow) {
        Optional<String> hash = LargeSpec.hash(workflow);
        if (hash.isEmpty()) {
            return workflow;
        }
        String namespace = workflow.getMetadata().getNamespace();
        URI blob = archive.orElseThrow(() -> new GcFailedException(
                        "the spec of workflow %s/%s is in the archive, and TIPHYS_ARCHIVE_URL is not set"
                                .formatted(namespace, workflow.getMetadata().getName())))
                .resolve("/v1/namespaces/" + segment(namespace) + "/blobs/" + segment(hash.get()));
        try {
            HttpResponse<InputStream> response =
                    http.send(HttpRequest.newBuilder(blob).timeout(TIMEOUT).build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return switch (response.statusCode()) {
                    case HttpURLConnection.HTTP_OK ->
                        workflow.withSpec(workflow.getSpec().withTemplates(read(new GZIPInputStream(body))));
                    case HttpURLConnection.HTTP_NO_CONTENT, HttpURLConnection.HTTP_NOT_FOUND -> workflow;
                    default -> throw new IOException("HTTP " + response.statusCode());
                };
            }
        } catch (IOException e) {
            throw new GcFailedException("the spec of workflow %s/%s could not be read from the archive: %s"
                    .formatted(namespace, workflow.getMetadata().getName(), e));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new GcFailedException("interrupted while the archive was asked for a spec");
        }
    }

    private static List<Template> read(InputStream spec) throws IOException {
        List<Template> templates = new ArrayList<>();
        try (JsonParser parser = ApiJson.mapper().getFactory().createParser(spec)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = parser.currentName().equals("templates");
                if (parser.nextToken() == JsonToken.START_ARRAY && wanted) {
                    while (parser.nextToken() == JsonToken.START_OBJECT) {
                        templates.add(template(parser));
                    }
                } else {
                    parser.skipChildren();
                }
            }
        }
        return templates;
    }

    private static Template template(JsonParser parser) throws IOException {
        ObjectNode kept = ApiJson.mapper().createObjectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (KEPT.contains(field)) {
                kept.set(field, ApiJson.mapper().readTree(parser));
            } else {
                parser.skipChildren();
            }
        }
        return ApiJson.mapper().treeToValue(kept, Template.class);
    }

    private static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
