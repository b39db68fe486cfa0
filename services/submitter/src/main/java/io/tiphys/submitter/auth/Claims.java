package io.tiphys.submitter.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a caller's credentials say about them. Nobody has checked it: it is worth something only together with the Kubernetes API's
 * consent to a request with the same credentials (Argo: server/auth/serviceaccount/claims.go, workflow/creator/creator.go).
 */
record Claims(JsonNode json) {
    static final Claims NONE = new Claims(JsonNodeFactory.instance.objectNode());

    private static final String PREFIX = "workflows.argoproj.io/";
    private static final int MAX_LABEL = 63;

    /** Of a header {@code Bearer <JWT>} or {@code Basic <user:password>}; without any if it is neither. */
    static Claims of(String authorization) {
        try {
            if (authorization.startsWith("Basic ")) {
                String user =
                        new String(Base64.getDecoder().decode(credentials(authorization)), StandardCharsets.UTF_8);
                return new Claims(JsonNodeFactory.instance.objectNode().put("sub", user.split(":", 2)[0]));
            }
            String[] parts = credentials(authorization).split("\\.", 3);
            if (parts.length < 3) {
                return NONE;
            }
            JsonNode payload =
                    new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[1]));
            return payload.isObject() ? new Claims(payload) : NONE;
        } catch (IOException | IllegalArgumentException _) {
            return NONE; // the Kubernetes API decides what such a token is worth
        }
    }

    private static String credentials(String authorization) {
        return authorization.substring(authorization.indexOf(' ') + 1).strip();
    }

    String subject() {
        return json.path("sub").asText("");
    }

    /**
     * Labels that say who it was.
     *
     * @param role {@code creator} or {@code actor}
     */
    Map<String, String> labels(String role) {
        Map<String, String> labels = new LinkedHashMap<>();
        put(labels, PREFIX + role, subject());
        put(labels, PREFIX + role + "-email", json.path("email").asText("").replaceFirst("@", ".at."));
        put(
                labels,
                PREFIX + role + "-preferred-username",
                json.path("preferred_username").asText(""));
        return labels;
    }

    /** Argo's answer to who I am. */
    ObjectNode toUserInfo() {
        ObjectNode info = JsonNodeFactory.instance.objectNode();
        copy("sub", info, "subject");
        copy("iss", info, "issuer");
        copy("groups", info, "groups");
        copy("name", info, "name");
        copy("email", info, "email");
        copy("email_verified", info, "emailVerified");
        String[] account = subject().split(":", 4);
        if (account.length == 4) {
            info.put("serviceAccountNamespace", account[2]).put("serviceAccountName", account[3]);
        }
        return info;
    }

    private void copy(String claim, ObjectNode info, String field) {
        if (json.hasNonNull(claim)) {
            info.set(field, json.get(claim));
        }
    }

    private static void put(Map<String, String> labels, String key, String text) {
        String value = text.replaceAll("[^-_.a-z0-9A-Z]", "-");
        if (value.length() > MAX_LABEL) {
            value = value.substring(value.length() - MAX_LABEL);
        }
        value = value.replaceAll("^[^a-z0-9A-Z]+|[^a-z0-9A-Z]+$", "");
        if (!value.isEmpty()) {
            labels.put(key, value);
        }
    }
}
