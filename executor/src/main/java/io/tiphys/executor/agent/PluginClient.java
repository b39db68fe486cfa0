package io.tiphys.executor.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import io.tiphys.executor.http.UploaderClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One plugin's sidecar, over Argo's executor plugin protocol: {@code POST /api/v1/template.execute}. A plugin that isn't up yet, or
 * answers 503, is asked up to five times; one that answers 404 doesn't execute templates and isn't asked again.
 */
final class PluginClient {
    private static final int ATTEMPTS = 5;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String name;
    private final URI address;
    private final String token;
    private final HttpClient http;
    private final Duration firstPause;
    private final int replyLimitBytes;
    private volatile boolean executesNothing;

    PluginClient(AgentSettings.Plugin plugin, String token, HttpClient http, Duration firstPause, int replyLimitBytes) {
        this.name = plugin.name();
        this.address = URI.create(plugin.address() + "/api/v1/template.execute");
        this.token = token;
        this.http = http;
        this.firstPause = firstPause;
        this.replyLimitBytes = replyLimitBytes;
    }

    /**
     * What a plugin answers.
     *
     * @param node Argo's {@code NodeResult}; absent if the template isn't the plugin's
     * @param requeue Go duration after which the plugin wants to be asked again
     */
    record Reply(
            @Nullable Map<String, Object> node, @Nullable String requeue) {
        static final Reply NOT_MINE = new Reply(null, null);
    }

    /** A plugin that failed; the message is for the user. */
    static final class PluginFailure extends Exception {
        PluginFailure(String message) {
            super(message);
        }
    }

    Reply execute(byte[] arguments) throws PluginFailure, InterruptedException {
        if (executesNothing) {
            return Reply.NOT_MINE;
        }
        Duration pause = firstPause;
        for (int attempt = 1; ; attempt++) {
            String problem;
            try {
                HttpResponse<byte[]> response = send(arguments);
                Optional<Reply> reply = reply(response);
                if (reply.isPresent()) {
                    return reply.get();
                }
                problem = text(response);
            } catch (ConnectException | HttpTimeoutException e) {
                problem = "plugin \"" + name + "\" at " + address + " does not answer ("
                        + (e instanceof ConnectException ? "connection refused" : "timeout") + ")";
            } catch (IOException e) {
                throw new PluginFailure("plugin \"" + name + "\": " + e.getMessage());
            }
            if (attempt == ATTEMPTS) {
                throw new PluginFailure(problem);
            }
            Thread.sleep(pause);
            pause = pause.multipliedBy(2);
        }
    }

    private HttpResponse<byte[]> send(byte[] arguments) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(address)
                        .timeout(TIMEOUT)
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofByteArray(arguments))
                        .build(),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), replyLimitBytes));
    }

    /** Empty if it is worth asking again. */
    private Optional<Reply> reply(HttpResponse<byte[]> response) throws PluginFailure {
        switch (response.statusCode()) {
            case 200 -> {
                try {
                    return Optional.of(UploaderClient.JSON.readValue(response.body(), new TypeReference<Reply>() {}));
                } catch (IOException e) {
                    throw new PluginFailure("plugin \"" + name + "\" answered something that is no reply: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
                }
            }
            case 404 -> {
                executesNothing = true;
                return Optional.of(Reply.NOT_MINE);
            }
            case 503 -> {
                return Optional.empty();
            }
            default -> throw new PluginFailure(response.statusCode() + ": " + text(response));
        }
    }

    private static String text(HttpResponse<byte[]> response) {
        String text = new String(response.body(), UTF_8);
        return text.isBlank() ? "HTTP " + response.statusCode() : text.strip();
    }
}
