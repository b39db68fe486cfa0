package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.http.HttpRequest;
import io.tiphys.local.objectstore.http.Percent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request with what OSS sees in it.
 *
 * @param bucket empty when the request is about all buckets
 * @param key empty when the request is about a bucket
 * @param query decoded parameters; a parameter without {@code =} has the value null
 */
record OssRequest(HttpRequest http, String bucket, String key, Map<String, @Nullable String> query) {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");
    private static final int MAX_KEY_BYTES = 1023;

    /**
     * Finds bucket and key: in the host name when it is {@code <bucket>.<something>}, in the path when the host is an IP address, a
     * name without dots, or the endpoint's own name.
     */
    static OssRequest parse(HttpRequest http, String endpointHost) {
        String host = host(http);
        String path = decode(http.rawPath(), false);
        path = path.startsWith("/") ? path.substring(1) : path;
        boolean pathStyle = host.equals(endpointHost) || ADDRESS.matcher(host).matches() || host.indexOf('.') < 0;
        String bucket;
        String key;
        if (pathStyle) {
            int slash = path.indexOf('/');
            bucket = slash < 0 ? path : path.substring(0, slash);
            key = slash < 0 ? "" : path.substring(slash + 1);
        } else {
            bucket = host.substring(0, host.indexOf('.'));
            key = path;
        }
        checkKey(key);
        return new OssRequest(http, bucket, key, parameters(http.rawQuery()));
    }

    private static String host(HttpRequest http) {
        String header = http.header("host");
        if (header == null) {
            return "";
        }
        int colon = header.lastIndexOf(':');
        boolean port = colon > header.lastIndexOf(']');
        return (port && colon >= 0 ? header.substring(0, colon) : header).toLowerCase(Locale.ROOT);
    }

    static void checkKey(String key) {
        if (key.startsWith("/")
                || key.startsWith("\\")
                || key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw new OssException(
                    400,
                    "InvalidObjectName",
                    "A key has 1 to " + MAX_KEY_BYTES + " bytes of UTF-8 and starts with neither / nor \\.");
        }
    }

    private static Map<String, @Nullable String> parameters(String rawQuery) {
        Map<String, @Nullable String> parameters = new HashMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = decode(equals < 0 ? pair : pair.substring(0, equals), true);
                parameters.put(name, equals < 0 ? null : decode(pair.substring(equals + 1), true));
            }
        }
        return parameters;
    }

    private static String decode(String text, boolean plusIsSpace) {
        try {
            return Percent.decode(text, plusIsSpace);
        } catch (IllegalArgumentException e) {
            throw new OssException(400, "InvalidObjectName", String.valueOf(e.getMessage()));
        }
    }

    boolean has(String parameter) {
        return query.containsKey(parameter);
    }

    String parameter(String name, String otherwise) {
        String value = query.get(name);
        return value == null ? otherwise : value;
    }

    int number(String name, int otherwise, int min, int max) {
        String value = query.get(name);
        if (value == null || value.isEmpty()) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw OssException.invalidArgument(
                "Argument " + name + " must be an integer between " + min + " and " + max + ", not " + value + ".");
    }

    @Nullable
    String header(String lowerCaseName) {
        return http.header(lowerCaseName);
    }

    /** The object that {@code x-oss-copy-source} names: {@code /bucket/key}, encoded. */
    OssRequest copySource() {
        String source = header("x-oss-copy-source");
        if (source == null) {
            throw OssException.invalidArgument("x-oss-copy-source is missing.");
        }
        String path = decode(source.contains("://") ? URI.create(source).getRawPath() : source, false);
        path = path.startsWith("/") ? path.substring(1) : path;
        int slash = path.indexOf('/');
        if (slash <= 0 || slash == path.length() - 1) {
            throw OssException.invalidArgument("x-oss-copy-source must be /<bucket>/<key>, not " + source + ".");
        }
        return new OssRequest(http, path.substring(0, slash), path.substring(slash + 1), Map.of());
    }
}
