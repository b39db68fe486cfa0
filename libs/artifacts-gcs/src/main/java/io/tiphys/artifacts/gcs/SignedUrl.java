package io.tiphys.artifacts.gcs;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A URL signed as {@code GOOG4-RSA-SHA256} (Google's documentation, "V4 signing process with your own program"). */
final class SignedUrl {
    private static final String ALGORITHM = "GOOG4-RSA-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private SignedUrl() {}

    /**
     * Signs.
     *
     * @param path encoded, with its first slash
     * @param headers that the request must have, besides the host
     * @param sign gives the RSA signature of a text, in hex
     */
    static String of(
            String method,
            URI endpoint,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            String account,
            Instant now,
            Duration validFor,
            UnaryOperator<String> sign) {
        var time = TIME.format(now);
        var scope = time.substring(0, 8) + "/auto/storage/goog4_request";
        var signed = new TreeMap<String, String>();
        headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value.strip()));
        signed.put("host", endpoint.getRawAuthority());
        var names = String.join(";", signed.keySet());
        var parameters = new TreeMap<>(query);
        parameters.put("X-Goog-Algorithm", ALGORITHM);
        parameters.put("X-Goog-Credential", account + "/" + scope);
        parameters.put("X-Goog-Date", time);
        parameters.put("X-Goog-Expires", Long.toString(validFor.toSeconds()));
        parameters.put("X-Goog-SignedHeaders", names);
        var canonicalQuery = query(parameters);
        var canonical = method + "\n" + path + "\n" + canonicalQuery + "\n"
                + signed.entrySet().stream()
                        .map(header -> header.getKey() + ":" + header.getValue() + "\n")
                        .collect(Collectors.joining())
                + "\n" + names + "\nUNSIGNED-PAYLOAD";
        var toSign = ALGORITHM + "\n" + time + "\n" + scope + "\n" + sha256(canonical);
        return endpoint + path + "?" + canonicalQuery + "&X-Goog-Signature=" + sign.apply(toSign);
    }

    static String query(Map<String, String> parameters) {
        return new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(p -> encode(p.getKey()) + "=" + encode(p.getValue()))
                        .collect(Collectors.joining("&"));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    /** A path's segments encoded, its slashes kept. */
    static String path(String bucket, String key) {
        return "/" + bucket + (key.isEmpty() ? "" : "/" + encode(key).replace("%2F", "/"));
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
