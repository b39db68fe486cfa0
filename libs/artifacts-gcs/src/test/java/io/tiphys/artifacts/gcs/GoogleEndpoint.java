package io.tiphys.artifacts.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.local.objectstore.http.HttpListener;
import io.tiphys.local.objectstore.http.HttpRequest;
import io.tiphys.local.objectstore.http.HttpResponse;
import io.tiphys.local.objectstore.oss.OssService;
import io.tiphys.local.objectstore.storage.Storage;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * The XML API of Google Cloud Storage: what it shares with OSS is answered by the local object store; here are the names of headers, the check
 * of tokens and of signed URLs (with the account's public key), and the endpoint that gives tokens.
 */
final class GoogleEndpoint implements AutoCloseable {
    static final String ACCOUNT = "tiphys@example.iam.gserviceaccount.com";

    private final PublicKey key;
    private final Storage storage;
    private final OssService oss;
    private final HttpListener listener;
    final AtomicInteger tokens = new AtomicInteger();

    GoogleEndpoint(Path dir, PublicKey key) throws IOException {
        this.key = key;
        this.storage = Storage.open(dir);
        this.oss = new OssService(ObjectStoreConfig.in(dir, "unused", "unused"), storage);
        this.listener = HttpListener.start("127.0.0.1", 0, this::answer);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.port());
    }

    private HttpResponse answer(HttpRequest request) throws IOException {
        if (request.rawPath().equals("/token")) {
            request.body().readAllBytes();
            return HttpResponse.of(200)
                    .with("Content-Type", "application/json")
                    .withBody(new HttpResponse.Text("{\"access_token\":\"token-" + tokens.incrementAndGet()
                            + "\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"));
        }
        var query = parameters(request.rawQuery());
        var authorization = request.headers().getOrDefault("authorization", "");
        boolean known = query.containsKey("X-Goog-Signature")
                ? isSigned(request, query)
                : authorization.equals("Bearer token-" + tokens.get());
        if (!known) {
            return HttpResponse.xml(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
        }
        var headers = new HashMap<String, String>();
        request.headers().forEach((name, value) -> headers.put(name.replaceFirst("^x-goog-", "x-oss-"), value));
        var answer = oss.answerTrusted(new HttpRequest(
                request.method(),
                request.rawPath(),
                request.rawQuery(),
                headers,
                request.contentLength(),
                request.hasBody(),
                request.body()));
        var named = new LinkedHashMap<String, String>();
        answer.headers().forEach((name, value) -> {
            if (name.startsWith("x-oss-meta-")) {
                named.put(name.replaceFirst("^x-oss-", "x-goog-"), value);
            } else if (!name.startsWith("x-oss-")) {
                named.put(name, value);
            }
        });
        return new HttpResponse(answer.status(), named, answer.body(), answer.onSent());
    }

    private boolean isSigned(HttpRequest request, Map<String, String> query) {
        var date = query.getOrDefault("X-Goog-Date", "");
        var signedAt = LocalDateTime.parse(date, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
                .toInstant(ZoneOffset.UTC);
        var until = signedAt.plus(Duration.ofSeconds(Long.parseLong(query.getOrDefault("X-Goog-Expires", "0"))));
        var scope = date.substring(0, 8) + "/auto/storage/goog4_request";
        if (Instant.now().isAfter(until)
                || !query.getOrDefault("X-Goog-Credential", "").equals(ACCOUNT + "/" + scope)) {
            return false;
        }
        var names = query.getOrDefault("X-Goog-SignedHeaders", "");
        var canonical = String.join(
                "\n",
                request.method(),
                request.rawPath(),
                Arrays.stream(request.rawQuery().split("&", -1))
                        .filter(pair -> !pair.startsWith("X-Goog-Signature="))
                        .sorted()
                        .collect(Collectors.joining("&")),
                Arrays.stream(names.split(";", -1))
                        .map(name -> name + ":" + request.header(name) + "\n")
                        .collect(Collectors.joining()),
                names,
                "UNSIGNED-PAYLOAD");
        try {
            var hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(UTF_8)));
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key);
            signature.update(("GOOG4-RSA-SHA256\n" + date + "\n" + scope + "\n" + hash).getBytes(UTF_8));
            return signature.verify(HexFormat.of().parseHex(query.getOrDefault("X-Goog-Signature", "")));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> parameters(String rawQuery) {
        var parameters = new HashMap<String, String>();
        for (var pair : rawQuery.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return parameters;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        storage.close();
    }
}
