package io.tiphys.artifacts.oss;

import com.aliyun.oss.common.auth.Credentials;
import com.aliyun.oss.common.auth.CredentialsProvider;
import com.aliyun.oss.common.auth.DefaultCredentials;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The service's own identity where it has no key of its own: a RAM role that comes with the machine (ECS metadata service) or with the pod's
 * service account (RRSA: {@code AssumeRoleWithOIDC}). Renewed ten minutes before it ends; while renewing fails, the old one goes on to be used
 * until its end.
 */
public final class TemporaryCredentials implements CredentialsProvider {
    /** Where machines of Alibaba Cloud find out about themselves. */
    public static final URI METADATA = URI.create("http://100.100.100.200");

    /** The security token service, for every region. */
    public static final URI STS = URI.create("https://sts.aliyuncs.com");

    private static final Duration RENEWED_BEFORE = Duration.ofMinutes(10);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
    private static final Duration NOT_AGAIN_WITHIN = Duration.ofSeconds(5);
    private static final int MAX_ANSWER = 64 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Session(Credentials credentials, Instant until) {}

    /** Asks for a new session. */
    private interface Source {
        Session fetch(HttpClient http) throws IOException;
    }

    private final Source source;
    private final InstantSource clock;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_WITHIN)
            .build();
    private @Nullable Session session;
    private Instant notBefore = Instant.MIN;
    private String why = "";

    private TemporaryCredentials(Source source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    /**
     * The RAM role of the machine.
     *
     * @param role its name; empty: the one that the machine has
     */
    public static TemporaryCredentials ofMachine(URI metadata, String role, InstantSource clock) {
        return new TemporaryCredentials(http -> fromMachine(http, metadata, role), clock);
    }

    /** The RAM role that a pod's projected service account token may take (RRSA). */
    public static TemporaryCredentials ofServiceAccount(
            URI sts, String roleArn, String providerArn, Path tokenFile, InstantSource clock) {
        return new TemporaryCredentials(http -> fromServiceAccount(http, sts, roleArn, providerArn, tokenFile), clock);
    }

    @Override
    public synchronized void setCredentials(Credentials credentials) {
        throw new UnsupportedOperationException("temporary credentials are fetched");
    }

    @Override
    public synchronized Credentials getCredentials() {
        var now = clock.instant();
        var known = session;
        if (known != null && now.isBefore(known.until().minus(RENEWED_BEFORE))) {
            return known.credentials();
        }
        if (!now.isBefore(notBefore)) {
            try {
                known = source.fetch(http);
                session = known;
                notBefore = Instant.MIN;
                return known.credentials();
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
                notBefore = now.plus(NOT_AGAIN_WITHIN);
            }
        }
        if (known != null && now.isBefore(known.until())) {
            return known.credentials();
        }
        throw new com.aliyun.oss.ClientException(
                "this service's temporary credentials can't be renewed: " + why, "CredentialsUnavailable", "");
    }

    private static Session fromMachine(HttpClient http, URI metadata, String role) throws IOException {
        var token = send(
                http,
                HttpRequest.newBuilder(metadata.resolve("/latest/api/token"))
                        .header("X-aliyun-ecs-metadata-token-ttl-seconds", "300")
                        .PUT(BodyPublishers.noBody()));
        var path = "/latest/meta-data/ram/security-credentials/";
        var name = role.isEmpty()
                ? send(http, get(metadata.resolve(path), token))
                        .strip()
                        .lines()
                        .findFirst()
                        .orElse("")
                : role;
        var answer = JSON.readTree(send(http, get(metadata.resolve(path + encode(name)), token)));
        if (!"Success".equals(answer.path("Code").asText())) {
            throw new IOException("the machine has no session for the RAM role \"" + name + "\": "
                    + answer.path("Code").asText());
        }
        return session(answer);
    }

    private static HttpRequest.Builder get(URI uri, String token) {
        return HttpRequest.newBuilder(uri)
                .header("X-aliyun-ecs-metadata-token", token)
                .GET();
    }

    private static Session fromServiceAccount(
            HttpClient http, URI sts, String roleArn, String providerArn, Path tokenFile) throws IOException {
        var form = Map.of(
                "Action", "AssumeRoleWithOIDC",
                "Version", "2015-04-01",
                "Format", "JSON",
                "RoleArn", roleArn,
                "OIDCProviderArn", providerArn,
                "OIDCToken", Files.readString(tokenFile).strip(),
                "RoleSessionName", "tiphys",
                "DurationSeconds", "3600");
        var body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        var answer = JSON.readTree(send(
                http,
                HttpRequest.newBuilder(sts.resolve("/"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString(body))));
        return session(answer.path("Credentials"));
    }

    private static Session session(JsonNode answer) throws IOException {
        var id = answer.path("AccessKeyId").asText("");
        var secret = answer.path("AccessKeySecret").asText("");
        var token = answer.path("SecurityToken").asText("");
        if (id.isEmpty() || secret.isEmpty() || token.isEmpty()) {
            throw new IOException("the answer has no AccessKeyId, AccessKeySecret and SecurityToken");
        }
        try {
            var until = Instant.parse(answer.path("Expiration").asText(""));
            return new Session(new DefaultCredentials(id, secret, token), until);
        } catch (DateTimeParseException e) {
            throw new IOException("the answer's Expiration is no time", e);
        }
    }

    /** The body of a good answer. What a bad one says may repeat the token, so that only its status and code are told. */
    private static String send(HttpClient http, HttpRequest.Builder request) throws IOException {
        var built = request.timeout(ANSWER_WITHIN).build();
        try {
            var answer = http.send(built, BodyHandlers.ofInputStream());
            try (var in = answer.body()) {
                var body = new String(in.readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
                if (answer.statusCode() != 200) {
                    throw new IOException(built.uri().getHost() + " answered HTTP " + answer.statusCode() + code(body));
                }
                return body;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(
                    "interrupted while asking " + built.uri().getHost());
        }
    }

    private static String code(String body) {
        try {
            var code = JSON.readTree(body).path("Code").asText("");
            return code.matches("[A-Za-z0-9.]{1,80}") ? " (" + code + ")" : "";
        } catch (IOException e) {
            return "";
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
