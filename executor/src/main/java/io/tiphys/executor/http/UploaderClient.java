package io.tiphys.executor.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tiphys.executor.Log;
import io.tiphys.transfer.AgentWork;
import io.tiphys.transfer.Downloads;
import io.tiphys.transfer.Listings;
import io.tiphys.transfer.Refusal;
import io.tiphys.transfer.RenewedCapability;
import io.tiphys.transfer.TaskReport;
import io.tiphys.transfer.Uploads;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The uploader's HTTP interface as the executor uses it. Every call is repeated while the uploader is away or overloaded; every call is
 * safe to repeat.
 */
public final class UploaderClient {
    private static final Duration LONG_POLL = Duration.ofSeconds(30);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration RENEW_BEFORE_EXPIRY = Duration.ofMinutes(10);
    private static final Duration RENEW_AGAIN = Duration.ofSeconds(30);

    /** One mapper for all; reads what it knows and ignores the rest, so that a newer uploader may say more. */
    public static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final HttpClient http;
    private final URI base;
    private final Retry retry;
    private String capability;
    private Instant expires;
    private Instant renewNext = Instant.MIN;

    public UploaderClient(HttpClient http, URI base, String capability, Retry retry) {
        this.http = http;
        this.base = URI.create(base.toString().replaceAll("/+$", ""));
        this.capability = capability;
        this.expires = expiry(capability);
        this.retry = retry;
    }

    public Downloads.Response downloads(List<String> artifacts) throws IOException {
        return post("/v1/downloads", new Downloads.Request(artifacts), Downloads.Response.class);
    }

    /** The keys below the location that the capability knows under this name. */
    public List<String> keys(String artifact) throws IOException {
        return post("/v1/listings", new Listings.Request(artifact), Listings.Answer.class)
                .keys();
    }

    public Uploads.Session start(Uploads.Start start) throws IOException {
        return post("/v1/uploads", start, Uploads.Session.class);
    }

    public Uploads.PartUrls parts(String session, Uploads.Parts parts) throws IOException {
        return post("/v1/uploads/" + session + "/parts", parts, Uploads.PartUrls.class);
    }

    public Uploads.Completed complete(String session, Uploads.Complete complete) throws IOException {
        return post("/v1/uploads/" + session + "/complete", complete, Uploads.Completed.class);
    }

    /** Gives an upload up, also a completed one: what is stored stays until something else takes its place. */
    public void abort(String session) throws IOException {
        retry.run("DELETE /v1/uploads", () -> {
            renewWhenDue();
            return send("/v1/uploads/" + session, HttpRequest.newBuilder().DELETE());
        });
    }

    public void report(TaskReport report) throws IOException {
        post("/v1/results", report, Void.class);
    }

    /** What the workflow's agent has to do; empty if that is what it was {@code after} already. */
    public Optional<AgentWork.Tasks> agentTasks(@Nullable String after) throws IOException {
        var path = "/v1/agent/tasks?waitSeconds=" + LONG_POLL.toSeconds()
                + (after == null ? "" : "&after=" + URLEncoder.encode(after, UTF_8));
        return retry.run("GET /v1/agent/tasks", () -> {
            renewWhenDue();
            var body = send(path, HttpRequest.newBuilder().GET());
            return body.length == 0 ? Optional.empty() : Optional.of(JSON.readValue(body, AgentWork.Tasks.class));
        });
    }

    public void report(AgentWork.Results results) throws IOException {
        post("/v1/agent/results", results, Void.class);
    }

    private <T> T post(String path, Object body, Class<T> type) throws IOException {
        var json = JSON.writeValueAsBytes(body);
        return retry.run("POST " + path, () -> {
            renewWhenDue();
            return send(path, json, type);
        });
    }

    /** While the capability is good, failing to get a longer one is no reason to fail. */
    private synchronized void renewWhenDue() {
        var now = Instant.now();
        if (now.isBefore(expires.minus(RENEW_BEFORE_EXPIRY)) || now.isAfter(expires) || now.isBefore(renewNext)) {
            return;
        }
        try {
            var renewed = send("/v1/capability", new byte[0], RenewedCapability.class);
            capability = renewed.token();
            expires = Instant.ofEpochSecond(renewed.expires());
            Log.info("the capability lasts until " + expires + " now");
        } catch (IOException e) {
            renewNext = now.plus(RENEW_AGAIN);
            Log.warn("the capability, which expires at " + expires + ", was not renewed: " + reason(e));
        }
    }

    @SuppressWarnings("NullAway") // Void has no value but null
    private <T> T send(String path, byte[] json, Class<T> type) throws IOException {
        var body = send(
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(json)));
        return type == Void.class ? null : JSON.readValue(body, type);
    }

    private byte[] send(String path, HttpRequest.Builder builder) throws IOException {
        var request = builder.uri(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + token())
                .build();
        HttpResponse<byte[]> response;
        try {
            response = http.send(request, BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted during a request for " + path);
        } catch (IOException e) {
            throw new IOException("no answer from the uploader at " + base + " (" + reason(e) + ")", e);
        }
        if (response.statusCode() / 100 == 2) {
            return response.body();
        }
        throw refused(path, response.statusCode(), response.body());
    }

    private synchronized String token() {
        return capability;
    }

    private static IOException refused(String path, int status, byte[] body) {
        var refusal = refusal(body);
        var message = refusal == null ? "the uploader answered HTTP " + status + " to " + path : refusal.message();
        if (refusal == null || status == 429 || status >= 500) {
            // A proxy on the way answers in its own words; only the uploader's own refusals are final.
            return refusal == null && status / 100 == 4 && status != 404 && status != 429
                    ? new PermanentException(message)
                    : new IOException(message);
        }
        return switch (refusal.reason()) {
            case Refusal.NOT_FOUND, Refusal.CHECKSUM_MISMATCH -> new SessionLostException(message);
            default -> new PermanentException(message);
        };
    }

    private static @Nullable Refusal refusal(byte[] body) {
        try {
            var refusal = JSON.readValue(body, Refusal.class);
            return refusal == null || refusal.reason() == null ? null : refusal;
        } catch (IOException e) {
            return null;
        }
    }

    /** When the token expires, read without checking the signature: only the uploader can and must do that. */
    private static Instant expiry(String token) {
        try {
            var claims = JSON.readTree(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8));
            return claims.hasNonNull("exp")
                    ? Instant.ofEpochSecond(claims.get("exp").asLong())
                    : Instant.MAX;
        } catch (IOException | RuntimeException e) {
            return Instant.MAX;
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
