package io.tiphys.controller.kube;

import org.jspecify.annotations.Nullable;

/** Versions of objects compared: those of every Kubernetes API server that we know of are numbers that grow with each write. */
public final class ResourceVersions {
    private ResourceVersions() {}

    /** Whether one is later than the other; false if it can't be told. */
    public static boolean isLater(@Nullable String version, @Nullable String than) {
        if (version == null || than == null) {
            return false;
        }
        try {
            return Long.parseLong(version) > Long.parseLong(than);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
