package io.tiphys.controller.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.tiphys.api.ApiJson;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Name and password at a registry, from Secrets of the types {@code kubernetes.io/dockerconfigjson} and {@code kubernetes.io/dockercfg}.
 *
 * @param identityToken a refresh token that takes the password's place; empty for none
 */
record Credentials(String user, String password, String identityToken) {

    /** Credentials for a registry, or for what lies below a path of it. */
    record Entry(String host, String path, Credentials credentials) {
        private boolean fits(ImageName image) {
            return isHost(image.registry())
                    && (path.isEmpty()
                            || image.repository().equals(path)
                            || image.repository().startsWith(path + "/"));
        }

        /** A star stands for one label of the host, as for the kubelet. */
        private boolean isHost(String registry) {
            String[] wanted = host.split("\\.", -1);
            String[] given = registry.split("\\.", -1);
            if (wanted.length != given.length) {
                return false;
            }
            for (int i = 0; i < wanted.length; i++) {
                if (!wanted[i].equals("*") && !wanted[i].equals(given[i])) {
                    return false;
                }
            }
            return true;
        }
    }

    /** The value of a header {@code Authorization: Basic}. */
    String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    }

    @Override
    public String toString() {
        return "Credentials[of " + user + "]";
    }

    /** Those for the image: of several that fit, those for the longest path, and of these the first. */
    static Optional<Credentials> forImage(ImageName image, List<Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.fits(image))
                .max(Comparator.comparingInt((Entry entry) -> entry.path().length())
                        .thenComparingInt(entry -> -entries.indexOf(entry)))
                .map(Entry::credentials);
    }

    /** What the Secret holds; nothing if it is none of those two types, or can't be read. */
    static List<Entry> in(Secret secret) {
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        List<Entry> entries = new ArrayList<>();
        entries.addAll(entries(json(data.get(".dockerconfigjson")).path("auths")));
        entries.addAll(entries(json(data.get(".dockercfg"))));
        return entries;
    }

    private static List<Entry> entries(JsonNode auths) {
        List<Entry> entries = new ArrayList<>();
        auths.properties()
                .forEach(auth -> of(auth.getValue()).ifPresent(credentials -> {
                    String place = auth.getKey().replaceFirst("^https?://", "").replaceFirst("/+$", "");
                    int slash = place.indexOf('/');
                    String host = (slash < 0 ? place : place.substring(0, slash)).toLowerCase(Locale.ROOT);
                    String path = slash < 0 ? "" : place.substring(slash + 1);
                    entries.add(new Entry(
                            host.equals("index.docker.io") || host.equals("registry-1.docker.io") ? "docker.io" : host,
                            path.replaceFirst("^v[12](?:/|$)", ""),
                            credentials));
                }));
        return entries;
    }

    private static Optional<Credentials> of(JsonNode auth) {
        String user = auth.path("username").asText("");
        String password = auth.path("password").asText("");
        String token = auth.path("identitytoken").asText("");
        String both = decoded(auth.path("auth").asText(""));
        int colon = both.indexOf(':');
        if (colon > 0) {
            user = both.substring(0, colon);
            password = both.substring(colon + 1);
        }
        return user.isEmpty() && token.isEmpty()
                ? Optional.empty()
                : Optional.of(new Credentials(user, password, token));
    }

    private static JsonNode json(@Nullable String base64) {
        try {
            return base64 == null
                    ? ApiJson.mapper().missingNode()
                    : ApiJson.mapper().readTree(decoded(base64));
        } catch (JsonProcessingException _) {
            return ApiJson.mapper().missingNode(); // the kubelet passes over it as well
        }
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), UTF_8);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }
}
