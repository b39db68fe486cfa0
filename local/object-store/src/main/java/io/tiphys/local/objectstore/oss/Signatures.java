package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.http.Percent;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks who signed a request: V1 (HMAC-SHA1) and V4 (HMAC-SHA256), each in a header or, presigned, in the query. What is signed is
 * described in the OSS API reference, "Signature version 1" and "Signature version 4".
 */
final class Signatures {
    private static final Duration MAX_SKEW = Duration.ofMinutes(15);
    private static final Duration MAX_EXPIRY_V4 = Duration.ofDays(7);
    private static final String V4 = "OSS4-HMAC-SHA256";
    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The parameters that V1 signs as part of the resource; all others are not signed. */
    private static final Set<String> V1_PARAMETERS = Set.of(
            ("acl uploads location cors logging website referer lifecycle delete append tagging objectMeta uploadId partNumber "
                            + "security-token position response-cache-control response-content-disposition "
                            + "response-content-encoding response-content-language response-content-type response-expires img style "
                            + "styleName replication replicationProgress replicationLocation cname bucketInfo comp qos live status vod "
                            + "startTime endTime x-oss-process symlink stat restore versions versioning versionId encryption policy "
                            + "requestPayment x-oss-traffic-limit qosInfo asyncFetch sequential x-oss-request-payer inventory "
                            + "inventoryId continuation-token worm wormId wormExtend callback callback-var transferAcceleration "
                            + "x-oss-ac-source-ip x-oss-ac-subnet-mask x-oss-ac-vpc-id x-oss-ac-forward-allow metaQuery "
                            + "resourceGroup regionList")
                    .split(" "));

    private final String accessKeyId;
    private final String secret;
    private final Clock clock;

    Signatures(String accessKeyId, String secret, Clock clock) {
        this.accessKeyId = accessKeyId;
        this.secret = secret;
        this.clock = clock;
    }

    /**
     * Checks it.
     *
     * @throws OssException when the request isn't signed by the one access key, or too late
     */
    void check(OssRequest request) {
        String authorization = request.header("authorization");
        if (authorization != null && authorization.startsWith(V4 + " ")) {
            checkV4Header(request, authorization.substring(V4.length() + 1));
        } else if (authorization != null && authorization.startsWith("OSS ")) {
            checkV1Header(request, authorization.substring(4));
        } else if (V4.equals(request.query().get("x-oss-signature-version"))) {
            checkV4Query(request);
        } else if (request.has("Signature") && request.has("OSSAccessKeyId")) {
            checkV1Query(request);
        } else if (authorization != null) {
            throw OssException.invalidArgument("Authorization must start with \"OSS \" or \"" + V4 + " \".");
        } else {
            throw OssException.accessDenied("Anonymous access is forbidden: the request carries no signature.");
        }
    }

    private void checkV1Header(OssRequest request, String credential) {
        int colon = credential.lastIndexOf(':');
        if (colon < 0) {
            throw OssException.invalidArgument("Authorization must be \"OSS <access key id>:<signature>\".");
        }
        checkAccessKey(credential.substring(0, colon));
        String date = orEmpty(request.header("date"));
        String ossDate = request.header("x-oss-date");
        checkSkew(parseHttpDate(ossDate == null ? date : ossDate));
        compare(v1(request, date), credential.substring(colon + 1), () -> v1StringToSign(request, date));
    }

    private void checkV1Query(OssRequest request) {
        checkAccessKey(request.parameter("OSSAccessKeyId", ""));
        String expires = request.parameter("Expires", "");
        checkNotExpired(number("Expires", expires));
        compare(v1(request, expires), request.parameter("Signature", ""), () -> v1StringToSign(request, expires));
    }

    private String v1(OssRequest request, String date) {
        return Base64.getEncoder()
                .encodeToString(
                        hmac("HmacSHA1", secret.getBytes(StandardCharsets.UTF_8), v1StringToSign(request, date)));
    }

    private static String v1StringToSign(OssRequest request, String date) {
        StringBuilder text = new StringBuilder();
        text.append(request.http().method()).append('\n');
        text.append(orEmpty(request.header("content-md5"))).append('\n');
        text.append(orEmpty(request.header("content-type"))).append('\n');
        text.append(date).append('\n');
        new TreeMap<>(request.http().headers()).forEach((name, value) -> {
            if (name.startsWith("x-oss-")) {
                text.append(name).append(':').append(value).append('\n');
            }
        });
        text.append('/');
        if (!request.bucket().isEmpty()) {
            text.append(request.bucket()).append('/').append(request.key());
        }
        char separator = '?';
        for (var parameter : new TreeMap<>(request.query()).entrySet()) {
            if (V1_PARAMETERS.contains(parameter.getKey())) {
                text.append(separator).append(parameter.getKey());
                if (parameter.getValue() != null && !parameter.getValue().isEmpty()) {
                    text.append('=').append(parameter.getValue());
                }
                separator = '&';
            }
        }
        return text.toString();
    }

    private void checkV4Header(OssRequest request, String fields) {
        Map<String, String> parts = new HashMap<>();
        for (String field : fields.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals > 0) {
                parts.put(
                        field.substring(0, equals).trim(),
                        field.substring(equals + 1).trim());
            }
        }
        String ossDate = request.header("x-oss-date");
        String httpDate = request.header("date");
        Instant date = ossDate != null ? parseBasic(ossDate) : parseHttpDate(orEmpty(httpDate));
        checkSkew(date);
        checkV4(
                request,
                parts.getOrDefault("Credential", ""),
                parts.getOrDefault("AdditionalHeaders", ""),
                date,
                parts.getOrDefault("Signature", ""));
    }

    private void checkV4Query(OssRequest request) {
        Instant date = parseBasic(request.parameter("x-oss-date", ""));
        Duration expires = Duration.ofSeconds(number("x-oss-expires", request.parameter("x-oss-expires", "")));
        if (expires.isNegative() || expires.compareTo(MAX_EXPIRY_V4) > 0) {
            throw OssException.invalidArgument("x-oss-expires must be between 1 second and 7 days.");
        }
        checkNotExpired(date.plus(expires).getEpochSecond());
        checkV4(
                request,
                request.parameter("x-oss-credential", ""),
                request.parameter("x-oss-additional-headers", ""),
                date,
                request.parameter("x-oss-signature", ""));
    }

    private void checkV4(OssRequest request, String credential, String additional, Instant date, String signature) {
        String[] scope = credential.split("/", -1);
        if (scope.length != 5 || !scope[4].equals("aliyun_v4_request")) {
            throw OssException.invalidArgument(
                    "The credential must be <access key id>/<date>/<region>/oss/aliyun_v4_request, not " + credential
                            + ".");
        }
        checkAccessKey(scope[0]);
        String canonical = canonicalRequest(request, additional);
        String toSign = V4 + "\n" + BASIC.format(date) + "\n" + credential.substring(scope[0].length() + 1) + "\n"
                + HexFormat.of().formatHex(sha256(canonical));
        byte[] key = ("aliyun_v4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String step : List.of(scope[1], scope[2], scope[3], scope[4])) {
            key = hmac("HmacSHA256", key, step);
        }
        compare(HexFormat.of().formatHex(hmac("HmacSHA256", key, toSign)), signature, () -> canonical);
    }

    private static String canonicalRequest(OssRequest request, String additional) {
        Set<String> additionalHeaders = new TreeSet<>();
        for (String name : additional.split(";", -1)) {
            if (!name.isBlank()) {
                additionalHeaders.add(name.trim().toLowerCase(Locale.ROOT));
            }
        }
        StringBuilder text = new StringBuilder();
        String resource = request.bucket().isEmpty() ? "/" : "/" + request.bucket() + "/" + request.key();
        text.append(request.http().method()).append('\n');
        text.append(Percent.encode(resource, true)).append('\n');
        text.append(canonicalQuery(request.query())).append('\n');
        new TreeMap<>(request.http().headers()).forEach((name, value) -> {
            if (name.equals("content-type")
                    || name.equals("content-md5")
                    || name.startsWith("x-oss-")
                    || additionalHeaders.contains(name)) {
                text.append(name).append(':').append(value.trim()).append('\n');
            }
        });
        text.append('\n').append(String.join(";", additionalHeaders)).append('\n');
        String payload = request.header("x-oss-content-sha256");
        return text.append(payload == null ? "UNSIGNED-PAYLOAD" : payload).toString();
    }

    private static String canonicalQuery(Map<String, @Nullable String> query) {
        TreeMap<String, String> encoded = new TreeMap<>();
        query.forEach((name, value) -> {
            if (!name.equals("x-oss-signature")) {
                encoded.put(Percent.encode(name, false), value == null ? "" : Percent.encode(value, false));
            }
        });
        List<String> pairs = new ArrayList<>();
        encoded.forEach((name, value) -> pairs.add(value.isEmpty() ? name : name + "=" + value));
        return String.join("&", pairs);
    }

    private void checkAccessKey(String id) {
        if (!id.equals(accessKeyId)) {
            throw new OssException(
                    403,
                    "InvalidAccessKeyId",
                    "The OSS Access Key Id you provided does not exist in our records: " + id);
        }
    }

    private void checkSkew(Instant date) {
        if (Duration.between(date, clock.instant()).abs().compareTo(MAX_SKEW) > 0) {
            throw new OssException(
                    403,
                    "RequestTimeTooSkewed",
                    "The difference between the request time and the current time is too large: " + date + " against "
                            + clock.instant() + ".");
        }
    }

    private void checkNotExpired(long epochSecond) {
        if (clock.instant().getEpochSecond() > epochSecond) {
            throw OssException.accessDenied("Request has expired at " + Instant.ofEpochSecond(epochSecond) + ".");
        }
    }

    private static void compare(String expected, String given, java.util.function.Supplier<String> signed) {
        if (!MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8))) {
            throw new OssException(
                    403,
                    "SignatureDoesNotMatch",
                    "The request signature we calculated does not match the signature you provided. Check your key and signing method. "
                            + "The server signed: " + signed.get());
        }
    }

    private static Instant parseHttpDate(String date) {
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            throw OssException.accessDenied("OSS authentication requires a valid Date, not \"" + date + "\".");
        }
    }

    private static Instant parseBasic(String date) {
        try {
            return Instant.from(BASIC.parse(date));
        } catch (DateTimeException e) {
            throw OssException.accessDenied("x-oss-date must look like 20260102T030405Z, not \"" + date + "\".");
        }
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw OssException.invalidArgument(name + " must be a number of seconds, not \"" + value + "\".");
        }
    }

    private static byte[] hmac(String algorithm, byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(algorithm + " is not available", e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
