package io.tiphys.artifacts;

import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.tiphys.artifacts.StoreException.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /**
     * What a location's selector means, without white space around it.
     *
     * @return null if there is no selector, or the Secret isn't there and the selector is optional
     * @throws StoreException as {@link #value}, and {@code REFUSED} if the Secret isn't there
     */
    default @Nullable String resolve(String namespace, @Nullable SecretKeySelector selector) throws StoreException {
        if (selector == null || selector.getName() == null || selector.getName().isEmpty()) {
            return null;
        }
        var value = value(namespace, selector.getName(), selector.getKey());
        if (value.isEmpty() && !Boolean.TRUE.equals(selector.getOptional())) {
            throw new StoreException(
                    Kind.REFUSED,
                    "there is no key \"" + selector.getKey() + "\" in the Secret " + namespace + "/"
                            + selector.getName() + ", which the artifact's location names");
        }
        return value.map(String::strip).orElse(null);
    }
}
