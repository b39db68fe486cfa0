package io.tiphys.artifacts.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.artifacts.HttpCalls;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Speaks to HTTP servers as one identity: sends its credentials, gets and renews its token, follows redirects without taking secrets along. */
final class Connection implements AutoCloseable {
    private static final int MOST_REDIRECTS = 5;
    private static final int MAX_TOKEN_ANSWER = 256 * 1024;
    private static final Duration RENEWED_BEFORE = Duration.ofSeconds(30);
    private static final Duration UNTOLD_LIFE = Duration.ofMinutes(5);
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Token(String value, Instant until) {}

    private final HttpIdentity identity;
    private final InstantSource clock;
    private final HttpCalls calls;
    private @Nullable Token token;

    Connection(HttpIdentity identity, InstantSource clock) {
        this.identity = identity;
        this.clock = clock;
        this.calls = new HttpCalls(
                identity instanceof HttpIdentity.Certificate certificate
                        ? ClientCertificate.context(certificate)
                        : null);
    }

    /** Makes a request's method and body; asked again for each redirect, so a body that can be read only once refuses then. */
    interface Shape {
        HttpRequest.Builder of(HttpRequest.Builder request) throws StoreException;
    }

    HttpResponse<InputStream> send(
            String what, URI uri, List<Map.Entry<String, String>> headers, Shape shape, long bodyBytes)
            throws StoreException {
        var answer = once(what, uri, headers, shape, bodyBytes);
        if (answer.statusCode() == 401 && bodyBytes == 0 && identity instanceof HttpIdentity.Client) {
            HttpCalls.done(answer);
            forgetToken();
            return once(what, uri, headers, shape, bodyBytes);
        }
        return answer;
    }

    private HttpResponse<InputStream> once(
            String what, URI start, List<Map.Entry<String, String>> headers, Shape shape, long bodyBytes)
            throws StoreException {
        var uri = start;
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            var request = HttpRequest.newBuilder(uri);
            if (sameOrigin(start, uri)) {
                for (var header : headers) {
                    add(request, header.getKey(), header.getValue());
                }
                var authorization = authorization(what);
                if (authorization != null) {
                    request.setHeader("Authorization", authorization);
                }
            }
            var answer = calls.send(what, shape.of(request), bodyBytes);
            var location = answer.headers().firstValue("Location").orElse(null);
            if (answer.statusCode() / 100 != 3 || answer.statusCode() == 304 || location == null) {
                return answer;
            }
            HttpCalls.done(answer);
            uri = next(what, uri, location);
        }
        throw new StoreException(Kind.REFUSED, "cannot " + what + ": more than " + MOST_REDIRECTS + " redirects");
    }

    private static void add(HttpRequest.Builder request, String name, String value) throws StoreException {
        try {
            request.header(name, value);
        } catch (IllegalArgumentException e) {
            throw new StoreException(Kind.REFUSED, "http.headers: \"" + name + "\" can't be sent", e);
        }
    }

    private static URI next(String what, URI from, String location) throws StoreException {
        try {
            var to = from.resolve(location);
            boolean web = "https".equals(to.getScheme())
                    || ("http".equals(to.getScheme()) && !"https".equals(from.getScheme()));
            if (web && to.getHost() != null) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new StoreException(
                Kind.REFUSED, "cannot " + what + ": it redirects to what is no URL, or from https to http");
    }

    private static boolean sameOrigin(URI one, URI other) {
        return one.getScheme().equals(other.getScheme())
                && one.getRawAuthority().equals(other.getRawAuthority());
    }

    private @Nullable String authorization(String what) throws StoreException {
        return switch (identity) {
            case HttpIdentity.Nobody _, HttpIdentity.Certificate _ -> null;
            case HttpIdentity.Basic(var user, var password) -> basic(user, password);
            case HttpIdentity.Client client -> "Bearer " + token(what, client);
        };
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private synchronized void forgetToken() {
        token = null;
    }

    private synchronized String token(String what, HttpIdentity.Client client) throws StoreException {
        var known = token;
        if (known != null && clock.instant().isBefore(known.until())) {
            return known.value();
        }
        var asking = what + " (asking for a token)";
        var url = tokenUrl(client);
        var answer = calls.send(
                asking,
                form(url, client, false).header("Authorization", basic(encode(client.id()), encode(client.secret()))),
                0);
        if (answer.statusCode() == 400 || answer.statusCode() == 401) {
            HttpCalls.done(answer); // some servers want the client in the form
            answer = calls.send(asking, form(url, client, true), 0);
        }
        if (answer.statusCode() != 200) {
            // the answer may repeat what was sent
            HttpCalls.done(answer);
            throw new StoreException(
                    StoreException.kindOf(answer.statusCode()),
                    "cannot " + asking + ": the token endpoint answered HTTP " + answer.statusCode());
        }
        known = read(asking, answer);
        token = known;
        return known.value();
    }

    private static URI tokenUrl(HttpIdentity.Client client) throws StoreException {
        try {
            var url = URI.create(client.tokenUrl());
            if (url.getHost() != null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new StoreException(Kind.REFUSED, "http.auth.oauth2.tokenURLSecret holds no URL");
    }

    private static HttpRequest.Builder form(URI url, HttpIdentity.Client client, boolean withClient) {
        var fields = new ArrayList<Map.Entry<String, String>>();
        fields.add(Map.entry("grant_type", "client_credentials"));
        if (!client.scopes().isEmpty()) {
            fields.add(Map.entry("scope", String.join(" ", client.scopes())));
        }
        fields.addAll(client.more());
        if (withClient) {
            fields.add(Map.entry("client_id", client.id()));
            fields.add(Map.entry("client_secret", client.secret()));
        }
        var body = fields.stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private Token read(String what, HttpResponse<InputStream> answer) throws StoreException {
        try (var in = answer.body()) {
            var json = JSON.readTree(in.readNBytes(MAX_TOKEN_ANSWER));
            var value = json.path("access_token").asText("");
            if (value.isEmpty()) {
                throw new StoreException(Kind.REFUSED, "cannot " + what + ": the answer has no access_token");
            }
            var life = json.has("expires_in")
                    ? Duration.ofSeconds(json.path("expires_in").asLong())
                    : UNTOLD_LIFE;
            return new Token(value, clock.instant().plus(life).minus(RENEWED_BEFORE));
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot " + what + ": the token endpoint's answer is no JSON");
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    InputStream content(HttpResponse<InputStream> answer) {
        return calls.content(answer);
    }

    @Override
    public void close() {
        calls.close();
    }
}
