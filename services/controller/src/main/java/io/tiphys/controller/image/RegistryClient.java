package io.tiphys.controller.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.pods.PodSettings.ImageCommand;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an image's configuration from its registry: manifest, for an index the one of the platform, then the config blob (OCI distribution
 * specification 1.1, Docker's manifest schema 2). At most {@value #MAX_BYTES} bytes and 10 s for each answer; what a digest names
 * is held against it. Credentials go to the registry and to the token server that it names, never on to where it redirects.
 */
final class RegistryClient {
    static final int MAX_BYTES = 4 << 20;
    private static final int MAX_REDIRECTS = 5;
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";
    private static final String MANIFEST_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final String MANIFESTS = String.join(
            ", ",
            INDEX,
            MANIFEST_LIST,
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.v2+json");

    private final HttpClient http;
    private final Set<String> plainHttp;
    private final Duration timeout;

    RegistryClient(Set<String> plainHttp, Duration timeout) {
        this.plainHttp = Set.copyOf(plainHttp);
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /** What the image starts on Linux machines of the architecture. */
    ImageCommand command(ImageName image, String architecture, Optional<Credentials> credentials)
            throws RegistryException, InterruptedException {
        Talk talk = new Talk(image, image.base(plainHttp), credentials);
        JsonNode manifest = talk.manifest(image.reference());
        if (manifest.path("manifests").isArray()) {
            manifest = talk.manifest(digestOfPlatform(manifest, architecture));
        }
        String config = manifest.path("config").path("digest").asText("");
        if (config.isEmpty()) {
            throw new RegistryException("its manifest names no configuration", false);
        }
        JsonNode started = talk.blob(config).path("config");
        return new ImageCommand(texts(started.path("Entrypoint")), texts(started.path("Cmd")));
    }

    private static String digestOfPlatform(JsonNode index, String architecture) throws RegistryException {
        for (JsonNode manifest : index.path("manifests")) {
            JsonNode platform = manifest.path("platform");
            if (platform.path("os").asText().equals("linux")
                    && platform.path("architecture").asText().equals(architecture)) {
                return manifest.path("digest").asText("");
            }
        }
        throw new RegistryException("it has no variant for linux/" + architecture, false);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    /** The requests about one image; a token that was got for the first serves the others. */
    private final class Talk {
        private final ImageName image;
        private final URI registry;
        private final Optional<Credentials> credentials;
        private @Nullable String authorization;

        Talk(ImageName image, URI registry, Optional<Credentials> credentials) {
            this.image = image;
            this.registry = registry;
            this.credentials = credentials;
        }

        JsonNode manifest(String reference) throws RegistryException, InterruptedException {
            return get("manifests", reference, MANIFESTS);
        }

        JsonNode blob(String digest) throws RegistryException, InterruptedException {
            return get("blobs", digest, "*/*");
        }

        private JsonNode get(String kind, String reference, String accept)
                throws RegistryException, InterruptedException {
            if (!reference.matches("[\\w.-]+|sha256:[0-9a-f]{64}")) {
                throw new RegistryException("its manifest names no digest that is understood", false);
            }
            URI address = registry.resolve("/v2/" + image.repository() + "/" + kind + "/" + reference);
            HttpResponse<byte[]> answer = send(address, accept);
            if (answer.statusCode() == 401 && authorization == null) {
                authorization = authorize(Challenge.of(answer.headers().allValues("www-authenticate")));
                answer = send(address, accept);
            }
            requireOk(answer);
            if (reference.startsWith("sha256:") && !reference.equals(digest(answer.body()))) {
                throw new RegistryException("what the registry sent is not what " + reference + " names", false);
            }
            return json(answer.body());
        }

        private String authorize(Optional<Challenge> challenge) throws RegistryException, InterruptedException {
            return switch (challenge.orElseThrow(
                    () -> refused("it asks for a kind of authentication that isn't known"))) {
                case Challenge.Basic() ->
                    credentials.orElseThrow(() -> refused(noCredentials())).basic();
                case Challenge.Bearer bearer -> "Bearer " + token(bearer);
            };
        }

        private String noCredentials() {
            return "it wants to know who asks, and neither imagePullSecrets nor the service account's have credentials for \""
                    + image.registry() + "\"";
        }

        private String token(Challenge.Bearer bearer) throws RegistryException, InterruptedException {
            URI address = bearer.tokenAddress(registry, image.repository())
                    .orElseThrow(() -> refused("it names a token server that can't be trusted"));
            HttpRequest.Builder request = HttpRequest.newBuilder(address).header("Accept", "application/json");
            String refresh = credentials.map(Credentials::identityToken).orElse("");
            if (!refresh.isEmpty()) {
                String form = "grant_type=refresh_token&client_id=tiphys&" + address.getRawQuery() + "&refresh_token="
                        + URLEncoder.encode(refresh, UTF_8);
                request.header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(form));
            } else {
                credentials.ifPresent(known -> request.header("Authorization", known.basic()));
            }
            HttpResponse<byte[]> answer = exchange(request.build());
            if (answer.statusCode() == 401 || answer.statusCode() == 403) {
                throw refused(credentials.isPresent() ? "its token server refuses the credentials" : noCredentials());
            }
            requireOk(answer);
            JsonNode body = json(answer.body());
            String token = body.path("token").asText(body.path("access_token").asText(""));
            if (!token.matches("[\\x21-\\x7e]+")) {
                throw new RegistryException("its token server gave no token", false);
            }
            return token;
        }

        private HttpResponse<byte[]> send(URI address, String accept) throws RegistryException, InterruptedException {
            URI next = address;
            for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
                HttpRequest.Builder request = HttpRequest.newBuilder(next).header("Accept", accept);
                String known = authorization;
                if (known != null && registry.getRawAuthority().equals(next.getRawAuthority())) {
                    request.header("Authorization", known);
                }
                HttpResponse<byte[]> answer = exchange(request.build());
                Optional<String> elsewhere = answer.headers().firstValue("location");
                if (answer.statusCode() / 100 != 3 || elsewhere.isEmpty()) {
                    return answer;
                }
                next = redirected(next, elsewhere.get());
            }
            throw new RegistryException("it redirects more than " + MAX_REDIRECTS + " times", false);
        }

        private URI redirected(URI from, String location) throws RegistryException {
            try {
                URI to = from.resolve(location);
                if ("https".equals(to.getScheme())
                        || ("http".equals(to.getScheme()) && "http".equals(registry.getScheme()))) {
                    return to;
                }
            } catch (IllegalArgumentException _) {
                // no address at all: said below
            }
            throw refused("it redirects to where one doesn't follow");
        }
    }

    private HttpResponse<byte[]> exchange(HttpRequest request) throws RegistryException, InterruptedException {
        String host = Objects.requireNonNullElse(request.uri().getHost(), "");
        CompletableFuture<HttpResponse<byte[]>> answer;
        try {
            answer = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
        } catch (IllegalArgumentException _) {
            throw new RegistryException("\"" + request.uri() + "\" is no address that can be asked", false);
        }
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            answer.cancel(true);
            throw new RegistryException(host + " doesn't answer within " + timeout.toSeconds() + " s", true);
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            boolean isTooMuch = String.valueOf(cause.getMessage()).contains("exceeds capacity");
            throw isTooMuch
                    ? new RegistryException(host + " answers with more than " + MAX_BYTES + " bytes", false)
                    : new RegistryException(host + " can't be reached: " + reason(cause), cause instanceof IOException);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        }
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static RegistryException refused(String message) {
        return new RegistryException(message, false);
    }

    private static void requireOk(HttpResponse<byte[]> answer) throws RegistryException {
        int status = answer.statusCode();
        String host = Objects.requireNonNullElse(answer.request().uri().getHost(), "");
        switch (status) {
            case 200 -> {}
            case 401, 403 -> throw refused(host + " refuses to show it (" + status + ")");
            case 404 -> throw refused(host + " doesn't have it");
            default ->
                throw new RegistryException(
                        host + " answers " + status, status == 408 || status == 429 || status >= 500);
        }
    }

    private static JsonNode json(byte[] body) throws RegistryException {
        try {
            return ApiJson.mapper().readTree(body);
        } catch (JsonProcessingException _) {
            throw refused("the registry's answer is no JSON");
        } catch (IOException e) {
            throw refused("the registry's answer can't be read: " + e.getMessage());
        }
    }

    private static String digest(byte[] body) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
