package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads request messages: JSON objects of at most 20 MiB; no body is an empty message. */
@ApplicationScoped
public class Requests {
    static final int MAX_BYTES = 20 * 1024 * 1024;

    private final ObjectMapper json;

    public Requests(ObjectMapper json) {
        this.json = json;
    }

    public ObjectNode read(@Nullable InputStream body) {
        try {
            byte[] bytes = body == null ? new byte[0] : body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw ApiException.invalid("request body is larger than 20 MiB; the largest manifest taken is 20 MiB");
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
