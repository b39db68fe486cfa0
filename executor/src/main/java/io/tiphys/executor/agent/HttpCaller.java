package io.tiphys.executor.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the requests of HTTP templates as Argo's agent does: follows up to ten redirects, takes credentials along only within
 * the same host, and reads answers up to a limit.
 */
final class HttpCaller {
    private static final int MOST_REDIRECTS = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    /** What the transport itself says of a message; Argo's client drops them, too. */
    private static final Set<String> OF_TRANSPORT = Set.of("content-length", "transfer-encoding", "trailer");

    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "cookie2", "www-authenticate");

    private final int bodyLimitBytes;
    private final HttpClient verifying = client(false);
    private final HttpClient trusting = client(true);

    HttpCaller(int bodyLimitBytes) {
        this.bodyLimitBytes = bodyLimitBytes;
    }

    private static HttpClient client(boolean trustsAnybody) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        return trustsAnybody ? builder.sslContext(TrustingAnybody.context()).build() : builder.build();
    }

    /** One message of the exchange; a header may come more than once. */
    private record Message(String method, URI uri, List<Map.Entry<String, String>> headers, BodyPublisher body) {}

    /**
     * Sends the request and waits for its answer.
     *
     * @param secrets values of the headers that refer to Secrets
     */
    HttpAnswer call(HttpTemplate template, Map<String, String> secrets) throws HttpFailure, InterruptedException {
        String method = template.method() == null || template.method().isEmpty() ? "GET" : template.method();
        List<Map.Entry<String, String>> headers = template.allHeaders().stream()
                .filter(header -> !OF_TRANSPORT.contains(header.name().toLowerCase(Locale.ROOT)))
                .map(header -> Map.entry(header.name(), header.resolved(secrets)))
                .toList();
        Message message = new Message(method, uri(template.target()), headers, body(template.content()));
        String failed = title(method) + " \"" + template.target() + "\": ";
        long deadline = template.timeoutSeconds() == null
                ? Long.MAX_VALUE
                : System.nanoTime()
                        + Duration.ofSeconds(template.timeoutSeconds()).toNanos();
        try {
            return call(message, template.insecureSkipVerify() ? trusting : verifying, deadline);
        } catch (IOException | IllegalArgumentException e) {
            throw new HttpFailure(failed + reason(e));
        } catch (TimeoutException e) {
            throw new HttpFailure(
                    failed + "context deadline exceeded (timeoutSeconds " + template.timeoutSeconds() + ")");
        }
    }

    private static BodyPublisher body(byte[] content) {
        return content.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(content);
    }

    private HttpAnswer call(Message first, HttpClient client, long deadline)
            throws IOException, TimeoutException, InterruptedException {
        Message message = first;
        for (int redirects = 0; ; redirects++) {
            HttpResponse<byte[]> response = send(message, client, deadline);
            Message next = redirected(message, response);
            if (next == null) {
                return answer(response);
            }
            if (redirects == MOST_REDIRECTS) {
                throw new IOException("stopped after " + MOST_REDIRECTS + " redirects");
            }
            message = next;
        }
    }

    private HttpResponse<byte[]> send(Message message, HttpClient client, long deadline)
            throws IOException, TimeoutException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(message.uri()).method(message.method(), message.body());
        message.headers().forEach(header -> request.header(header.getKey(), header.getValue()));
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), bodyLimitBytes));
        try {
            return deadline == Long.MAX_VALUE
                    ? exchange.get()
                    : exchange.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            exchange.cancel(true); // what hasn't ended by now was given up
        }
    }

    private static @Nullable Message redirected(Message message, HttpResponse<?> response) throws IOException {
        int status = response.statusCode();
        boolean isRedirect = (status >= 301 && status <= 303) || status == 307 || status == 308;
        String location = response.headers().firstValue("location").orElse("");
        if (!isRedirect || location.isEmpty()) {
            return null;
        }
        URI target;
        try {
            target = message.uri().resolve(uri(location));
        } catch (HttpFailure e) {
            throw new IOException("redirected to a place that is no URL", e);
        }
        boolean sameHost =
                String.valueOf(target.getHost()).equalsIgnoreCase(message.uri().getHost());
        List<Map.Entry<String, String>> headers = new ArrayList<>(message.headers());
        headers.removeIf(header -> {
            String lower = header.getKey().toLowerCase(Locale.ROOT);
            return !sameHost && (CREDENTIALS.contains(lower) || lower.equals("host"));
        });
        boolean keepsBody = status == 307 || status == 308;
        boolean reads = message.method().equals("GET") || message.method().equals("HEAD");
        return new Message(
                keepsBody || reads ? message.method() : "GET",
                target,
                headers,
                keepsBody ? message.body() : BodyPublishers.noBody());
    }

    private static HttpAnswer answer(HttpResponse<byte[]> response) {
        Map<String, List<String>> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> headers.put(canonical(name), values));
        return new HttpAnswer(response.statusCode(), new String(response.body(), UTF_8), headers);
    }

    /** {@code content-type} as {@code Content-Type}. */
    static String canonical(String name) {
        StringBuilder canonical = new StringBuilder(name.length());
        boolean upper = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            canonical.append(upper ? Character.toUpperCase(c) : Character.toLowerCase(c));
            upper = c == '-';
        }
        return canonical.toString();
    }

    /** The URL with everything escaped that a URL can't hold as it is. */
    private static URI uri(String text) throws HttpFailure {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.strip().getBytes(UTF_8)) {
            int c = b & 0xff;
            if (c <= ' ' || c >= 0x7f || "\"<>\\^`{|}".indexOf(c) >= 0) {
                escaped.append(String.format(Locale.ROOT, "%%%02X", c));
            } else {
                escaped.append((char) c);
            }
        }
        try {
            return URI.create(escaped.toString());
        } catch (IllegalArgumentException e) {
            throw new HttpFailure("parse \"" + text + "\": this is no URL");
        }
    }

    private static String title(String method) {
        return method.substring(0, 1).toUpperCase(Locale.ROOT)
                + method.substring(1).toLowerCase(Locale.ROOT);
    }

    private String reason(Exception e) {
        String message = String.valueOf(e.getMessage());
        if (e instanceof HttpConnectTimeoutException) {
            return "no connection within " + CONNECT_TIMEOUT.toSeconds() + " s";
        } else if (e instanceof ConnectException) {
            return e.getCause() instanceof UnresolvedAddressException ? "no such host" : "connection refused";
        } else if (message.contains("body exceeds capacity")) {
            return "the body is larger than " + bodyLimitBytes
                    + " bytes, which is the most that a node's result may hold; fetch it in a container template instead";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : message;
    }
}
