package io.tiphys.local.objectstore.s3;

import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.local.objectstore.http.HttpHandler;
import io.tiphys.local.objectstore.http.HttpRequest;
import io.tiphys.local.objectstore.http.HttpResponse;
import io.tiphys.local.objectstore.http.Percent;
import io.tiphys.local.objectstore.oss.OssService;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * S3 in front of OSS: what is signed as S3's is checked, said in OSS' words, and answered in S3's; everything else goes to OSS as it is. The
 * two protocols have the same resources, sub-resources and documents; what differs is names of headers, the case of ETags and storage
 * classes, some codes and defaults, and how bodies are framed.
 */
public final class S3Dialect implements HttpHandler {
    private static final Pattern ETAG = Pattern.compile("&quot;([0-9A-F]{32}(?:-\\d+)?)&quot;");
    private static final String AMZ = "x-amz-";
    private static final String OSS = "x-oss-";
    private static final String META = "meta-";
    private static final String SSE = "x-amz-server-side-encryption";
    /** How an object remembers its encryption: as metadata of a name that users don't give. */
    private static final String SSE_META = "x-oss-meta-tiphys-s3-sse";

    private static final String CUSTOMER_KEY = "-customer-key-md5";

    private static final Map<String, String> CODES = Map.of(
            "FileAlreadyExists", "PreconditionFailed",
            "NoSuchLifecycle", "NoSuchLifecycleConfiguration",
            "InvalidDigest", "BadDigest",
            "InvalidObjectName", "InvalidURI");

    private final OssService oss;
    private final SigV4 signatures;

    public S3Dialect(ObjectStoreConfig config, OssService oss) {
        this.oss = oss;
        this.signatures = new SigV4(config);
    }

    @Override
    public HttpResponse answer(HttpRequest request) throws IOException {
        if (!SigV4.isSigned(request)) {
            return oss.answer(request);
        }
        try {
            Map<String, String> query = parameters(request.rawQuery());
            SigV4.Seed seed = signatures.check(request, query);
            return translate(request, oss.answerTrusted(translate(request, query, seed)));
        } catch (S3Exception e) {
            return refusal(e);
        } catch (IllegalArgumentException e) {
            return refusal(new S3Exception(400, "InvalidURI", String.valueOf(e.getMessage())));
        }
    }

    private static HttpRequest translate(HttpRequest request, Map<String, String> query, SigV4.Seed seed)
            throws S3Exception {
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach((name, value) -> {
            if (name.startsWith(SSE)) {
                headers.put(SSE_META + name.substring(SSE.length()), value);
            } else if (name.startsWith(AMZ)) {
                headers.put(OSS + name.substring(AMZ.length()), value);
            } else {
                headers.put(name, value);
            }
        });
        headers.remove(SSE_META + "-customer-key"); // kept as its digest only
        headers.remove("authorization");
        headers.put("x-oss-range-behavior", "standard");
        if ("PUT".equals(request.method()) || "POST".equals(request.method())) {
            if ("*".equals(headers.remove("if-none-match"))) {
                headers.put("x-oss-forbid-overwrite", "true");
            }
        }
        String encoding = headers.getOrDefault("content-encoding", "").replaceAll("(?i)aws-chunked,? *", "");
        if (encoding.isEmpty()) {
            headers.remove("content-encoding");
        } else {
            headers.put("content-encoding", encoding);
        }
        boolean lists = "GET".equals(request.method()) && !query.containsKey("max-keys");
        String rawQuery =
                request.rawQuery() + (lists ? (request.rawQuery().isEmpty() ? "" : "&") + "max-keys=1000" : "");
        String payload = headers.getOrDefault("x-oss-content-sha256", "");
        InputStream body = request.body();
        long length = request.contentLength();
        if (payload.startsWith("STREAMING-")) {
            boolean signed = payload.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
            body = new ChunkedBody(body, signed ? seed : null, headers.get("x-oss-trailer"));
            length = decodedLength(headers.get("x-oss-decoded-content-length"));
        } else if (payload.matches("[0-9a-f]{64}") && length != 0) {
            body = new HashedBody(body, payload);
        }
        return new HttpRequest(request.method(), request.rawPath(), rawQuery, headers, length, request.hasBody(), body);
    }

    private static long decodedLength(@Nullable String header) throws S3Exception {
        if (header == null || !header.matches("\\d{1,18}")) {
            throw new S3Exception(411, "MissingContentLength", "x-amz-decoded-content-length is missing.");
        }
        return Long.parseLong(header);
    }

    private static HttpResponse translate(HttpRequest request, HttpResponse answer) {
        Map<String, String> headers = new LinkedHashMap<>();
        answer.headers().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(SSE_META)) {
                headers.put(SSE + lower.substring(SSE_META.length()), value);
            } else if (lower.startsWith(OSS + META)) {
                headers.put(AMZ + lower.substring(OSS.length()), value);
            } else if (lower.equals("x-oss-request-id")) {
                headers.put("x-amz-request-id", value);
            } else if (lower.equals("etag")) {
                headers.put(name, value.toLowerCase(Locale.ROOT));
            } else if (!lower.startsWith(OSS) && !lower.equals("content-md5")) {
                headers.put(name, value);
            }
        });
        headers.put("Server", "AmazonS3");
        boolean reads = "GET".equals(request.method()) || "HEAD".equals(request.method());
        String key = headers.get(SSE + CUSTOMER_KEY);
        if (reads && answer.status() < 300 && key != null && !key.equals(request.header(SSE + CUSTOMER_KEY))) {
            answer.onSent().run();
            return refusal(new S3Exception(
                    400,
                    "InvalidRequest",
                    "The object was stored using a form of Server Side Encryption. The correct parameters must be"
                            + " provided to retrieve the object."));
        }
        int status = answer.status();
        HttpResponse.Body body = answer.body();
        if (body instanceof HttpResponse.Text(String content) && !content.isEmpty()) {
            String text = lowerCaseEtags(content)
                    .replace("<StorageClass>Standard</StorageClass>", "<StorageClass>STANDARD</StorageClass>");
            for (var code : CODES.entrySet()) {
                text = text.replace("<Code>" + code.getKey() + "</Code>", "<Code>" + code.getValue() + "</Code>");
            }
            status = content.contains("<Code>FileAlreadyExists</Code>") ? 412 : status;
            body = new HttpResponse.Text(text);
        }
        return new HttpResponse(status, headers, body, answer.onSent());
    }

    private static String lowerCaseEtags(String document) {
        return ETAG.matcher(document)
                .replaceAll(match -> Matcher.quoteReplacement(match.group().toLowerCase(Locale.ROOT)));
    }

    private static HttpResponse refusal(S3Exception e) {
        String message = String.valueOf(e.getMessage())
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
        return HttpResponse.xml(
                e.status(),
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + e.code() + "</Code><Message>" + message
                        + "</Message></Error>");
    }

    private static Map<String, String> parameters(String rawQuery) {
        Map<String, String> parameters = new HashMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                parameters.put(
                        Percent.decode(equals < 0 ? pair : pair.substring(0, equals), true),
                        equals < 0 ? "" : Percent.decode(pair.substring(equals + 1), true));
            }
        }
        return parameters;
    }
}
