package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.config.SubmitterConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Reads request messages: JSON objects of a bounded size; no body is an empty message. */
@ApplicationScoped
public class Requests {
    private static final String FILES = "upload-artifacts/";
    private static final int MAX_MAX_BYTES = 64 * 1024 * 1024;

    private final ObjectMapper json;

    private final int maxBytes;

    public Requests(ObjectMapper json, SubmitterConfig config) {
        this.json = json;
        this.maxBytes = (int) Math.min(MAX_MAX_BYTES, config.maxRequestSize().asLongValue());
    }

    /** Refuses what says in advance that it is too large, before anything of it is read. */
    @ServerRequestFilter
    public void bound(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        if (path.startsWith(FILES) || path.startsWith("/" + FILES)) {
            return; // files are streamed to where they are kept, and have no limit
        }
        String length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        if (length != null && length.matches("\\d{1,18}") && Long.parseLong(length) > maxBytes) {
            throw tooLarge();
        }
    }

    private ApiException tooLarge() {
        return ApiException.invalid("request body is larger than " + maxBytes / 1024 / 1024
                + " MiB, the most that tiphys.submitter.max-request-size (TIPHYS_SUBMITTER_MAX_REQUEST_SIZE) allows;"
                + " pass data as artifacts");
    }

    public ObjectNode read(@Nullable InputStream body) {
        try {
            byte[] bytes = body == null ? new byte[0] : body.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw tooLarge();
            }
            JsonNode tree = bytes.length == 0 ? json.createObjectNode() : json.readTree(bytes);
            if (tree instanceof ObjectNode object) {
                return object;
            }
            if (tree.isMissingNode() || tree.isNull()) {
                return json.createObjectNode();
            }
            throw ApiException.invalid("request body must be a JSON object, got " + tree.getNodeType());
        } catch (IOException e) {
            throw ApiException.invalid("request body is not valid JSON: " + firstLine(e.getMessage()));
        }
    }

    /** The object that the message carries under this name. */
    static ObjectNode object(ObjectNode message, String field) {
        if (message.get(field) instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.invalid(field + " body not specified: the request must be {\"" + field + "\": {…}}");
    }

    static String text(ObjectNode message, String field) {
        return message.path(field).asText("");
    }

    static boolean flag(ObjectNode message, String field) {
        return message.path(field).asBoolean(false);
    }

    /** A list of texts; {@code null} where the message has none. */
    static List<String> texts(JsonNode message, String field) {
        List<String> texts = new ArrayList<>();
        message.path(field).forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }
}
