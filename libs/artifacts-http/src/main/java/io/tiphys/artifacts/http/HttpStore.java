package io.tiphys.artifacts.http;

import io.tiphys.artifacts.HttpCalls;
import io.tiphys.artifacts.LimitedStream;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.VerifiedStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A web server. Reads with GET, writes with PUT, deletes with DELETE where that is wished for. The key is the path without its first slash, not
 * encoded.
 */
final class HttpStore extends ReadOnlyStore {
    private static final Set<Ability> READ_WRITE = Set.of(Ability.WRITE);
    private static final Set<Ability> ALSO_DELETE = Set.of(Ability.WRITE, Ability.DELETE);

    private final Connection connection;
    private final URI server;
    private final @Nullable String query;
    private final List<Map.Entry<String, String>> headers;
    private final boolean deletes;

    /**
     * A server.
     *
     * @param server without path
     * @param query of every request, encoded
     * @param headers of every request
     */
    HttpStore(
            Connection connection,
            URI server,
            @Nullable String query,
            List<Map.Entry<String, String>> headers,
            boolean deletes) {
        this.connection = connection;
        this.server = server;
        this.query = query;
        this.headers = List.copyOf(headers);
        this.deletes = deletes;
    }

    @Override
    public Set<Ability> abilities() {
        return deletes ? ALSO_DELETE : READ_WRITE;
    }

    @Override
    public String name() {
        return server.toString();
    }

    private String where(String what, String key) {
        return what + " " + server + "/" + key;
    }

    private URI uri(String key) throws StoreException {
        try {
            var path = new URI(null, null, "/" + key, null).getRawPath();
            return URI.create(server + path + (query == null ? "" : "?" + query));
        } catch (URISyntaxException e) {
            throw new StoreException(Kind.REFUSED, "\"" + key + "\" can't be the path of a URL", e);
        }
    }

    private HttpResponse<InputStream> get(String what, String key, @Nullable String range) throws StoreException {
        return connection.send(
                where(what, key),
                uri(key),
                headers,
                request -> {
                    request.header("Accept-Encoding", "identity").GET();
                    return range == null ? request : request.header("Range", range);
                },
                0);
    }

    /** By HEAD; a server that doesn't like that is asked for the first byte. */
    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        var what = where("describe", key);
        var answer = connection.send(
                what,
                uri(key),
                headers,
                request -> request.header("Accept-Encoding", "identity")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()),
                0);
        int status = answer.statusCode();
        HttpCalls.done(answer);
        if (status == 403 || status == 405 || status == 501) {
            answer = get("describe", key, "bytes=0-0");
            status = answer.statusCode();
            HttpCalls.done(answer);
        }
        if (status == 404 || status == 410) {
            return Optional.empty();
        }
        if (status != 200 && status != 206 && status != 416) {
            throw new StoreException(StoreException.kindOf(status), "cannot " + what + ": HTTP " + status);
        }
        return Optional.of(describe(key, answer));
    }

    private static StoredObject describe(String key, HttpResponse<?> answer) {
        var headers = answer.headers();
        long size = -1;
        if (answer.statusCode() == 200) {
            boolean ranges = headers.firstValue("Accept-Ranges").orElse("").equalsIgnoreCase("bytes");
            size = ranges ? headers.firstValueAsLong("Content-Length").orElse(-1) : -1;
        } else {
            var total = headers.firstValue("Content-Range").orElse("").replaceFirst(".*/", "");
            size = total.matches("\\d{1,18}") ? Long.parseLong(total) : -1;
        }
        return new StoredObject(
                key,
                size,
                headers.firstValue("ETag")
                        .map(etag -> etag.replaceFirst("^W/", "").replace("\"", ""))
                        .orElse(""),
                null,
                headers.firstValue("Last-Modified").map(HttpStore::date).orElse(null),
                headers.firstValue("Content-Type").orElse(null));
    }

    private static @Nullable Instant date(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    @Override
    public InputStream read(String key) throws StoreException {
        var answer = get("read", key, null);
        if (answer.statusCode() != 200) {
            throw HttpCalls.refused(where("read", key), answer);
        }
        return connection.content(answer);
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        var answer = get("read", key, "bytes=" + from + "-" + to);
        if (answer.statusCode() == 206) {
            return connection.content(answer);
        }
        if (answer.statusCode() != 200) {
            throw HttpCalls.refused(where("read", key), answer);
        }
        var all = connection.content(answer);
        try {
            all.skipNBytes(from);
            return new LimitedStream(all, to - from + 1);
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNAVAILABLE, "cannot " + where("read", key) + ": it ended before byte " + from, e);
        }
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        var what = where("write", key);
        var checked = new VerifiedStream("cannot " + what, content, sizeBytes, options.md5());
        try {
            checked.checkedIfEmpty();
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot " + what + ": " + e.getMessage(), e);
        }
        var sent = new boolean[1];
        var answer = connection.send(
                what,
                uri(key),
                headers,
                request -> {
                    if (sent[0]) {
                        throw new StoreException(
                                Kind.REFUSED, "cannot " + what + ": the server redirects what is written elsewhere");
                    }
                    sent[0] = true;
                    if (options.contentType() != null) {
                        request.setHeader("Content-Type", options.contentType());
                    }
                    return request.PUT(HttpCalls.body(checked, sizeBytes));
                },
                sizeBytes);
        if (answer.statusCode() / 100 != 2) {
            throw HttpCalls.refused(what, answer);
        }
        HttpCalls.done(answer);
        return head(key)
                .filter(stored -> !stored.etag().isEmpty())
                .map(stored ->
                        new StoredObject(key, sizeBytes, stored.etag(), null, stored.modified(), stored.contentType()))
                .orElseGet(() -> new StoredObject(key, sizeBytes, checked.hex(), null, null, options.contentType()));
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        if (!deletes) {
            return super.delete(keys);
        }
        var failed = new LinkedHashMap<String, StoreException>();
        for (var key : keys) {
            try {
                var answer = connection.send(where("delete", key), uri(key), headers, HttpRequest.Builder::DELETE, 0);
                if (answer.statusCode() / 100 != 2 && answer.statusCode() != 404) {
                    throw HttpCalls.refused(where("delete", key), answer);
                }
                HttpCalls.done(answer);
            } catch (StoreException e) {
                failed.put(key, e);
            }
        }
        return failed;
    }
}
