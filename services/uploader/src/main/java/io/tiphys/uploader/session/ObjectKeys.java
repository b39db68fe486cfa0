package io.tiphys.uploader.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.transfer.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which keys objects may have: what every kind of object storage takes, and what no client on the way takes for another key. */
final class ObjectKeys {
    /** OSS; S3 takes one more. */
    static final int MOST_BYTES = 1023;

    private static final int SHOWN = 100;

    private ObjectKeys() {}

    static void check(String artifact, String key) throws RefusedException {
        var problem = problem(key);
        if (problem != null) {
            throw refused(artifact, "key", key, problem);
        }
    }

    /** For what comes from a pod; may be empty. */
    static void checkRelative(String artifact, String path) throws RefusedException {
        var problem = path.isEmpty() ? null : problem(path);
        if (problem != null) {
            throw refused(artifact, "relativePath", path, problem);
        }
    }

    private static @Nullable String problem(String key) {
        int bytes = key.getBytes(UTF_8).length;
        if (key.isEmpty()) {
            return "must not be empty";
        }
        if (bytes > MOST_BYTES) {
            return "has " + bytes + " bytes; object storage takes at most " + MOST_BYTES;
        }
        if (key.startsWith("/") || key.startsWith("\\")) {
            return "must be relative";
        }
        var members = List.of(key.split("/", -1));
        if (members.contains("..") || members.contains(".")) {
            return "must have no member \"..\" or \".\"";
        }
        return key.chars().anyMatch(c -> c < ' ' || c == 0x7f) ? "must have no control characters" : null;
    }

    private static RefusedException refused(String artifact, String what, String key, String problem) {
        var shown = key.length() <= SHOWN ? key : key.substring(0, SHOWN) + "…";
        return new RefusedException(
                400, Refusal.INVALID, what + " \"" + shown + "\" of artifact \"" + artifact + "\" " + problem);
    }
}
