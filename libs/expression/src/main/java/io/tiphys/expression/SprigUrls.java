package io.tiphys.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code urlParse} and {@code urlJoin}. */
final class SprigUrls {
    private static final Pattern URL = Pattern.compile(
            "(?s)(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:(//)(?:([^@/?#]*)@)?([^/?#]*))?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?");
    private static final String PLAIN_IN_PATH = "-_.~$&+,/:;=@!*'()";

    private SprigUrls() {}

    static void register(Map<String, Function> functions) {
        functions.put("urlParse", a -> parsed(a.expect(1).text(0)));
        functions.put("urlJoin", a -> joined(a.expect(1).map(0)));
    }

    private static Map<String, Object> parsed(String url) {
        Matcher parts = URL.matcher(url);
        if (!parts.matches() || (parts.group(1) == null && firstSegment(url).contains(":"))) {
            throw new ExprProblem(
                    "unable to parse url: parse \"" + url + "\": first path segment in URL cannot contain colon");
        }
        boolean authority = parts.group(2) != null;
        String path = text(parts.group(5));
        boolean opaque = parts.group(1) != null && !authority && !path.isEmpty() && !path.startsWith("/");
        String host = text(parts.group(4));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("scheme", text(parts.group(1)).toLowerCase(java.util.Locale.ROOT));
        all.put("host", host);
        all.put("hostname", hostname(host));
        all.put("path", opaque ? "" : decoded(path, url));
        all.put("query", text(parts.group(6)));
        all.put("opaque", opaque ? path : "");
        all.put("fragment", decoded(text(parts.group(7)), url));
        all.put("userinfo", text(parts.group(3)));
        return all;
    }

    private static String firstSegment(String url) {
        int slash = url.indexOf('/');
        return slash < 0 ? url : url.substring(0, slash);
    }

    private static String text(@Nullable String part) {
        return part == null ? "" : part;
    }

    private static String hostname(String host) {
        if (host.startsWith("[") && host.contains("]")) {
            return host.substring(1, host.indexOf(']'));
        }
        int port = host.lastIndexOf(':');
        return port < 0 ? host : host.substring(0, port);
    }

    private static String decoded(String text, String url) {
        if (text.indexOf('%') < 0) {
            return text;
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int size = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out[size++] = in[i];
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = i + 2 < in.length ? Character.digit(in[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                throw new ExprProblem("unable to parse url: parse \"" + url + "\": invalid URL escape");
            }
            out[size++] = (byte) (high * 16 + low);
            i += 2;
        }
        return new String(out, 0, size, StandardCharsets.UTF_8);
    }

    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN_IN_PATH.indexOf(c) >= 0)) {
                out.append(c);
            } else {
                out.append(String.format("%%%02X", b & 0xFF));
            }
        }
        return out.toString();
    }

    private static String joined(Map<?, ?> url) {
        StringBuilder out = new StringBuilder();
        String scheme = part(url, "scheme");
        if (!scheme.isEmpty()) {
            out.append(scheme).append(':');
        }
        String opaque = part(url, "opaque");
        String host = part(url, "host");
        String user = part(url, "userinfo");
        String path = encoded(part(url, "path"));
        if (!opaque.isEmpty()) {
            out.append(opaque);
        } else {
            if (!scheme.isEmpty() || !host.isEmpty() || !user.isEmpty()) {
                if (!host.isEmpty() || !user.isEmpty() || path.startsWith("//")) {
                    out.append("//");
                }
                out.append(user).append(user.isEmpty() ? "" : "@").append(host);
            }
            if (!path.isEmpty() && !path.startsWith("/") && !host.isEmpty()) {
                out.append('/');
            }
            out.append(path);
        }
        String query = part(url, "query");
        String fragment = part(url, "fragment");
        return out + (query.isEmpty() ? "" : "?" + query) + (fragment.isEmpty() ? "" : "#" + encoded(fragment));
    }

    private static String part(Map<?, ?> url, String name) {
        Object value = url.get(name);
        if (value == null) {
            return "";
        }
        return Values.string(value);
    }
}
