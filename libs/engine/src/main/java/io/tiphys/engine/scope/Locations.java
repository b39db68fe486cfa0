package io.tiphys.engine.scope;

import io.tiphys.api.Artifact;
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

    /** The artifact with {@code subPath} appended to its key; unchanged where keys mean nothing. */
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
        return artifact;
    }

    private static String join(@Nullable String key, String subPath) {
        String base = key == null ? "" : key;
        String separator = base.isEmpty() || base.endsWith("/") ? "" : "/";
        return base + separator + (subPath.startsWith("/") ? subPath.substring(1) : subPath);
    }
}
