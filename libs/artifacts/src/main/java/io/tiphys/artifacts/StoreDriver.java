package io.tiphys.artifacts;

import io.tiphys.api.ArtifactLocation;
import java.util.Optional;

/** Knows one kind of object storage. Keeps clients, and closes them when it is closed; safe for many threads. */
public interface StoreDriver extends AutoCloseable {
    /** The field of an artifact location that this driver is for: {@code oss}, {@code s3}, … */
    String kind();

    /**
     * The store and key that a location means.
     *
     * @param namespace of the workflow; Secrets that the location names are read there
     * @return empty if the location is of another kind
     * @throws StoreException {@code REFUSED} if the location is incomplete or its Secret is missing; the message says what would be right
     */
    Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets) throws StoreException;

    @Override
    default void close() {}

    /** A place for one object, or for a directory of objects. */
    record Located(ArtifactStore store, String key) {}
}
