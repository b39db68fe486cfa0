package io.tiphys.local.objectstore.http;

import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param method upper case
 * @param rawPath the target's path, still percent-encoded, without query
 * @param rawQuery what follows the question mark, encoded; empty if nothing does
 * @param headers names in lower case; repeated headers joined by a comma
 * @param contentLength the body's length, or -1 when it is chunked, or 0 when there is none
 * @param hasBody whether a length or a chunked encoding was given at all
 * @param body the body, to be read at most once
 */
public record HttpRequest(
        String method,
        String rawPath,
        String rawQuery,
        Map<String, String> headers,
        long contentLength,
        boolean hasBody,
        InputStream body) {
    public @Nullable String header(String lowerCaseName) {
        return headers.get(lowerCaseName);
    }

    public HttpRequest withBody(InputStream other) {
        return new HttpRequest(method, rawPath, rawQuery, headers, contentLength, hasBody, other);
    }
}
