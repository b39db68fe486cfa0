package io.tiphys.submitter.artifacts;

import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.nio.charset.StandardCharsets;

/** Headers of somebody's artifact: a browser may show it, and nothing else. Its content and its name are whatever a workflow made them. */
final class Sandbox {
    private static final String POLICY =
            "sandbox; base-uri 'none'; default-src 'none'; img-src 'self'; style-src 'self'";

    private Sandbox() {}

    /** The response with the headers of a file of this name. */
    static ResponseBuilder around(ResponseBuilder response, String fileName) {
        return around(response)
                .header("Content-Type", ContentTypes.of(fileName))
                .header("Content-Disposition", disposition(fileName));
    }

    static ResponseBuilder around(ResponseBuilder response) {
        return response.header("Content-Security-Policy", POLICY)
                .header("X-Frame-Options", "SAMEORIGIN")
                .header("X-Content-Type-Options", "nosniff");
    }

    /** Argo's form, with a second name for browsers where the first can't say it (RFC 6266). */
    static String disposition(String fileName) {
        String plain = fileName.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "_");
        String disposition = "filename=\"" + plain + "\"";
        return plain.equals(fileName) ? disposition : disposition + "; filename*=UTF-8''" + encoded(fileName);
    }

    /** The last part of a key. */
    static String fileName(String key) {
        String trimmed = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }

    /** Percent-encoded but for letters, digits, and {@code - . _ ~}. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            if (plain) {
                encoded.append((char) c);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return encoded.toString();
    }
}
