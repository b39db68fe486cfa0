package io.tiphys.pods;

import io.tiphys.api.ArchiveStrategy;
import io.tiphys.api.Artifact;
import io.tiphys.transfer.Archive;
import org.jspecify.annotations.Nullable;

/** How an artifact is packed and what its file is called. */
final class ArtifactFiles {
    private ArtifactFiles() {}

    /** The packing that the manifest asks for; null if it asks for none in particular. */
    static @Nullable Archive archive(@Nullable ArchiveStrategy strategy) {
        if (strategy == null) {
            return null;
        }
        if (strategy.none() != null) {
            return Archive.NONE;
        }
        if (strategy.zip() != null) {
            return Archive.ZIP;
        }
        return strategy.tar() != null ? Archive.TAR : null;
    }

    /** Last part of an output's key: {@code <name>.tgz}, {@code <name>.zip} or, unpacked, the path's last part. */
    static String fileName(Artifact artifact, String path) {
        return switch (archive(artifact.archive())) {
            case NONE -> lastPart(path);
            case ZIP -> artifact.name() + ".zip";
            case TAR -> artifact.name() + ".tgz";
            case null -> artifact.name() + ".tgz";
        };
    }

    private static String lastPart(String path) {
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return trimmed.substring(trimmed.lastIndexOf('/') + 1);
    }
}
