package io.tiphys.artifacts.all;

import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A driver that is made, and its SDK loaded, when the first location of its kind comes. */
final class LazyDriver implements StoreDriver {
    private final String kind;
    private final Predicate<ArtifactLocation> isOfKind;
    private final Supplier<StoreDriver> make;
    private @Nullable StoreDriver made;

    LazyDriver(String kind, Predicate<ArtifactLocation> isOfKind, Supplier<StoreDriver> make) {
        this.kind = kind;
        this.isOfKind = isOfKind;
        this.make = make;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        return isOfKind.test(location) ? driver().locate(location, namespace, secrets) : Optional.empty();
    }

    private synchronized StoreDriver driver() {
        var driver = made;
        if (driver == null) {
            driver = make.get();
            made = driver;
        }
        return driver;
    }

    @Override
    public synchronized void close() {
        if (made != null) {
            made.close();
        }
    }
}
