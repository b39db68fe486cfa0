package io.tiphys.artifacts;

import java.util.Optional;

/** Reads Kubernetes Secrets. */
@FunctionalInterface
public interface Secrets {
    /**
     * The decoded value.
     *
     * @return empty if there is no such Secret or key
     * @throws StoreException {@code REFUSED} if reading it isn't allowed, {@code UNAVAILABLE} if the API server is away
     */
    Optional<String> value(String namespace, String secret, String key) throws StoreException;
}
