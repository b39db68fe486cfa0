package io.tiphys.submitter.log;

import io.tiphys.submitter.rest.ApiException;
import jakarta.ws.rs.core.MultivaluedMap;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The query of a log request.
 *
 * @param podName empty for all pods of the workflow
 * @param container {@code main} if not given
 * @param follow whether to go on until the workflow is done
 * @param timestamps whether lines begin with their time, as in {@code kubectl logs}
 * @param podQuery what the Kubernetes API is to apply itself: tailLines, sinceSeconds, …
 * @param grep lines without a match are left out
 * @param selector labels that the pods must have
 */
public record LogOptions(
        String podName,
        String container,
        boolean follow,
        boolean timestamps,
        Map<String, String> podQuery,
        Pattern grep,
        String selector) {
    private static final List<String> PASSED_ON = List.of("previous", "sinceSeconds", "tailLines", "limitBytes");

    public LogOptions {
        podQuery = Map.copyOf(podQuery);
    }

    public static LogOptions parse(String podName, MultivaluedMap<String, String> query) {
        Map<String, String> podQuery = new LinkedHashMap<>();
        for (String option : PASSED_ON) {
            String value = text(query, "logOptions." + option);
            if (!value.isEmpty()) {
                podQuery.put(option, value);
            }
        }
        String since = text(query, "logOptions.sinceTime.seconds");
        if (!since.isEmpty()) {
            podQuery.put(
                    "sinceTime", java.time.Instant.ofEpochSecond(seconds(since)).toString());
        }
        String container = text(query, "logOptions.container");
        return new LogOptions(
                podName.isEmpty() ? text(query, "podName") : podName,
                container.isEmpty() ? "main" : container,
                Boolean.parseBoolean(text(query, "logOptions.follow")),
                Boolean.parseBoolean(text(query, "logOptions.timestamps")),
                podQuery,
                pattern(text(query, "grep")),
                text(query, "selector"));
    }

    /** The path of this pod's log in the Kubernetes API; always with timestamps, by which lines of several pods are ordered. */
    String path(String namespace, String pod) {
        StringBuilder path = new StringBuilder("/api/v1/namespaces/%s/pods/%s/log?container=%s&timestamps=true"
                .formatted(encode(namespace), encode(pod), encode(container)));
        if (follow) {
            path.append("&follow=true");
        }
        podQuery.forEach(
                (name, value) -> path.append('&').append(name).append('=').append(encode(value)));
        return path.toString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static long seconds(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw ApiException.invalid("logOptions.sinceTime.seconds must be a whole number, got \"" + text + "\"");
        }
    }

    private static Pattern pattern(String grep) {
        try {
            return Pattern.compile(grep);
        } catch (PatternSyntaxException e) {
            throw ApiException.invalid("grep: \"" + grep + "\" is not a regular expression: " + e.getDescription());
        }
    }

    private static String text(MultivaluedMap<String, String> query, String name) {
        String value = query.getFirst(name);
        return value == null ? "" : value;
    }
}
