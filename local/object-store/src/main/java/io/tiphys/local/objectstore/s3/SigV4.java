package io.tiphys.local.objectstore.s3;

import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.local.objectstore.http.HttpRequest;
import io.tiphys.local.objectstore.http.Percent;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Checks AWS Signature Version 4, in a header or presigned. What is signed is described in the S3 API reference, "Authenticating requests". */
final class SigV4 {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final Duration MAX_SKEW = Duration.ofMinutes(15);
    private static final long MAX_EXPIRY_SECONDS = Duration.ofDays(7).toSeconds();
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final ObjectStoreConfig config;

    SigV4(ObjectStoreConfig config) {
        this.config = config;
    }

    /** What a streamed body's chunks are signed with. */
    record Seed(SecretKeySpec key, String date, String scope, String signature) {}

    static boolean isSigned(HttpRequest request) {
        String authorization = request.header("authorization");
        return (authorization != null && authorization.startsWith(ALGORITHM))
                || request.rawQuery().contains("X-Amz-Algorithm=");
    }

    /**
     * Checks it.
     *
     * @throws S3Exception when the request isn't signed by the one access key, or too late
     */
    Seed check(HttpRequest request, Map<String, String> query) throws S3Exception {
        String authorization = request.header("authorization");
        if (authorization != null) {
            Map<String, String> fields = new TreeMap<>();
            for (String field : authorization.substring(ALGORITHM.length()).split(",", -1)) {
                int equals = field.indexOf('=');
                if (equals > 0) {
                    fields.put(
                            field.substring(0, equals).trim(),
                            field.substring(equals + 1).trim());
                }
            }
            String date = orEmpty(request.header("x-amz-date"));
            if (Duration.between(parse(date), config.clock().instant()).abs().compareTo(MAX_SKEW) > 0) {
                throw new S3Exception(
                        403,
                        "RequestTimeTooSkewed",
                        "The difference between the request time and the current time is too large: " + date + ".");
            }
            return check(
                    request,
                    query,
                    fields.getOrDefault("Credential", ""),
                    fields.getOrDefault("SignedHeaders", ""),
                    date,
                    orEmpty(request.header("x-amz-content-sha256")),
                    fields.getOrDefault("Signature", ""));
        }
        String date = query.getOrDefault("X-Amz-Date", "");
        String expires = query.getOrDefault("X-Amz-Expires", "");
        if (!expires.matches("\\d{1,6}") || Long.parseLong(expires) > MAX_EXPIRY_SECONDS) {
            throw new S3Exception(
                    400,
                    "AuthorizationQueryParametersError",
                    "X-Amz-Expires must be 0 to " + MAX_EXPIRY_SECONDS + " seconds.");
        }
        if (config.clock().instant().isAfter(parse(date).plusSeconds(Long.parseLong(expires)))) {
            throw new S3Exception(403, "AccessDenied", "Request has expired.");
        }
        return check(
                request,
                query,
                query.getOrDefault("X-Amz-Credential", ""),
                query.getOrDefault("X-Amz-SignedHeaders", ""),
                date,
                "UNSIGNED-PAYLOAD",
                query.getOrDefault("X-Amz-Signature", ""));
    }

    private Seed check(
            HttpRequest request,
            Map<String, String> query,
            String credential,
            String signedHeaders,
            String date,
            String payload,
            String signature)
            throws S3Exception {
        String[] scope = credential.split("/", -1);
        if (scope.length != 5 || !scope[3].equals("s3") || !scope[4].equals("aws4_request")) {
            throw new S3Exception(
                    400,
                    "AuthorizationHeaderMalformed",
                    "The credential must be <access key id>/<date>/<region>/s3/aws4_request, not " + credential + ".");
        }
        if (!scope[0].equals(config.accessKeyId())) {
            throw new S3Exception(
                    403, "InvalidAccessKeyId", "The AWS access key ID you provided does not exist in our records.");
        }
        String canonical = canonical(request, query, signedHeaders, payload);
        String scoped = credential.substring(scope[0].length() + 1);
        byte[] key = ("AWS4" + config.accessKeySecret()).getBytes(StandardCharsets.UTF_8);
        for (String step : List.of(scope[1], scope[2], scope[3], scope[4])) {
            key = hmac(key, step);
        }
        String expected = hex(hmac(key, ALGORITHM + "\n" + date + "\n" + scoped + "\n" + sha256(canonical)));
        if (!MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.UTF_8))) {
            throw new S3Exception(
                    403,
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you provided. The server signed: "
                            + canonical);
        }
        return new Seed(new SecretKeySpec(key, "HmacSHA256"), date, scoped, expected);
    }

    private static String canonical(
            HttpRequest request, Map<String, String> query, String signedHeaders, String payload) {
        StringBuilder text = new StringBuilder(request.method()).append('\n');
        text.append(Percent.encode(Percent.decode(request.rawPath(), false), true))
                .append('\n');
        TreeMap<String, String> encoded = new TreeMap<>();
        query.forEach((name, value) -> {
            if (!name.equals("X-Amz-Signature")) {
                encoded.put(Percent.encode(name, false), Percent.encode(value, false));
            }
        });
        List<String> pairs = new ArrayList<>();
        encoded.forEach((name, value) -> pairs.add(name + "=" + value));
        text.append(String.join("&", pairs)).append('\n');
        for (String name : signedHeaders.split(";", -1)) {
            text.append(name)
                    .append(':')
                    .append(orEmpty(request.header(name)).trim().replaceAll(" +", " "))
                    .append('\n');
        }
        return text.append('\n')
                .append(signedHeaders)
                .append('\n')
                .append(payload)
                .toString();
    }

    private static Instant parse(String date) throws S3Exception {
        try {
            return Instant.from(BASIC.parse(date));
        } catch (DateTimeException e) {
            throw new S3Exception(
                    403, "AccessDenied", "The date must look like 20260102T030405Z, not \"" + date + "\".");
        }
    }

    static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    static String sha256(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return sha256(bytes, bytes.length);
    }

    static String sha256(byte[] bytes, int length) {
        MessageDigest digest = digest("SHA-256");
        digest.update(bytes, 0, length);
        return hex(digest.digest());
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
