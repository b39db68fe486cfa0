package io.tiphys.submitter.artifacts;

import io.tiphys.submitter.rest.ApiException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request's path names inside of an artifact. Keys of object storage know no {@code ..}; a path that has one leads nowhere good.
 *
 * @param parts decoded, none of them empty
 * @param isDirectory whether the path ends in a slash
 * @param last the last part of the request's path as it came
 */
public record FilePath(List<String> parts, boolean isDirectory, String last) {
    public FilePath {
        parts = List.copyOf(parts);
    }

    /**
     * The path behind so many parts of a request's path, which begins with a slash.
     *
     * @throws ApiException invalid if a part is {@code .} or {@code ..} or no UTF-8, or is empty and not the last
     */
    public static FilePath of(String rawPath, int skipped) {
        String[] all = rawPath.substring(1).split("/", -1);
        List<String> parts = new ArrayList<>();
        boolean isDirectory = rawPath.endsWith("/");
        int end = isDirectory ? all.length - 1 : all.length;
        for (int i = skipped; i < end; i++) {
            parts.add(decoded(all[i]));
        }
        return new FilePath(parts, isDirectory, all[end - 1]);
    }

    private static String decoded(String part) {
        String text;
        try {
            text = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("path has \"" + part + "\", which is no percent-encoded text");
        }
        for (String piece : text.split("/", -1)) {
            if (piece.isEmpty() || piece.equals(".") || piece.equals("..")) {
                throw ApiException.invalid(
                        "path has the part \"" + text + "\"; it must lead to a file of the artifact");
            }
        }
        return text;
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The key that the path means below an artifact's. */
    public String below(String key) {
        return (key.endsWith("/") ? key : key + "/") + String.join("/", parts);
    }

    /** A relative address of the same with a slash at its end. */
    public String asDirectory() {
        return "./" + last + "/";
    }
}
