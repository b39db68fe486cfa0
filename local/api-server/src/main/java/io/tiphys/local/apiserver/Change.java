package io.tiphys.local.apiserver;

import org.jspecify.annotations.Nullable;

/**
 * A committed change of one object.
 *
 * @param object the new version, or for {@code DELETED} the last one under the resource version of the deletion
 * @param previous the version before; null when it was created
 */
record Change(Kind kind, StoredObject object, @Nullable StoredObject previous) {
    enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }

    long resourceVersion() {
        return object.resourceVersion();
    }

    int sizeBytes() {
        return object.json().length;
    }
}
