package io.tiphys.engine.scope;

import io.tiphys.api.Artifact;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Where an artifact is stored: whether that is known, and the place below it. */
final class Locations {
    private Locations() {}

    static boolean isKnown(Artifact artifact) {
        return artifact.s3() != null
                || artifact.git() != null
                || artifact.http() != null
                || artifact.artifactory() != null
                || artifact.hdfs() != null
                || artifact.raw() != null
                || artifact.oss() != null
                || artifact.gcs() != null
                || artifact.azure() != null
                || artifact.plugin() != null;
    }

    /** The artifact with {@code subPath} joined to its key, or to its address' path; unchanged where there is neither. */
    static Artifact below(Artifact artifact, String subPath) {
        if (artifact.oss() != null) {
            return artifact.withOss(artifact.oss().withKey(join(artifact.oss().key(), subPath)));
        }
        if (artifact.s3() != null) {
            return artifact.withS3(artifact.s3().withKey(join(artifact.s3().key(), subPath)));
        }
        if (artifact.gcs() != null) {
            return artifact.withGcs(artifact.gcs().withKey(join(artifact.gcs().key(), subPath)));
        }
        if (artifact.azure() != null) {
            return artifact.withAzure(
                    artifact.azure().withBlob(join(artifact.azure().blob(), subPath)));
        }
        if (artifact.hdfs() != null) {
            return artifact.withHdfs(
                    artifact.hdfs().withPath(join(artifact.hdfs().path(), subPath)));
        }
        if (artifact.plugin() != null) {
            return artifact.withPlugin(
                    artifact.plugin().withKey(join(artifact.plugin().key(), subPath)));
        }
        if (artifact.http() != null) {
            return artifact.withHttp(
                    artifact.http().withUrl(belowAddress(artifact.http().url(), subPath)));
        }
        if (artifact.artifactory() != null) {
            return artifact.withArtifactory(artifact.artifactory()
                    .withUrl(belowAddress(artifact.artifactory().url(), subPath)));
        }
        return artifact;
    }

    private static String belowAddress(String url, String subPath) {
        int host = url.indexOf("://") < 0 ? 0 : url.indexOf("://") + "://".length();
        int end = host;
        while (end < url.length() && url.charAt(end) != '?' && url.charAt(end) != '#') {
            end++;
        }
        int path = url.indexOf('/', host);
        int start = path < 0 || path > end ? end : path;
        return url.substring(0, start) + join("/" + url.substring(start, end), subPath) + url.substring(end);
    }

    /** Both as one path without empty and dotted parts, as Go joins them. */
    private static String join(@Nullable String key, String subPath) {
        String base = key == null ? "" : key;
        boolean isRooted = base.isEmpty() ? subPath.startsWith("/") : base.startsWith("/");
        Deque<String> parts = new ArrayDeque<>();
        for (String part : (base + "/" + subPath).split("/", -1)) {
            boolean isUp = part.equals("..");
            if (isUp && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (isUp ? !isRooted : !part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return (isRooted ? "/" : "") + String.join("/", parts);
    }
}
