package io.tiphys.uploader.stream;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.Stores;
import io.tiphys.transfer.Capability;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** From a location to its store as a pod may use it: with URLs from the store, or with URLs that lead to this service. */
public final class Places {
    private final Stores stores;
    private final Spool spool;
    private final Path parts;
    private final StreamedUrls urls;

    /**
     * Puts it together.
     *
     * @param parts folder for parts of uploads to stores that take none
     */
    public Places(Stores stores, Spool spool, Path parts, StreamedUrls urls) {
        this.stores = stores;
        this.spool = spool;
        this.parts = parts;
        this.urls = urls;
    }

    /** Where an artifact is read. */
    public Located read(Capability capability, String artifact, Map<String, Object> location) throws StoreException {
        try {
            var located = stores.locate(capability.namespace(), location);
            return new Located(forPod(capability, artifact, location, located, located.store()), located.key());
        } catch (StoreException e) {
            throw e.ofArtifact(artifact);
        }
    }

    /** Where an artifact is written. */
    public Located write(Capability capability, String artifact, Map<String, Object> location) throws StoreException {
        try {
            var located = stores.locate(capability.namespace(), location);
            var store = writable(located.store());
            return new Located(forPod(capability, artifact, location, located, store), located.key());
        } catch (StoreException e) {
            throw e.ofArtifact(artifact);
        }
    }

    /** Where an upload that has begun goes on, whoever began it. */
    public ArtifactStore upload(String namespace, Map<String, Object> location) throws StoreException {
        return writable(stores.locate(namespace, location).store());
    }

    private ArtifactStore forPod(
            Capability capability,
            String artifact,
            Map<String, Object> location,
            Located located,
            ArtifactStore store) {
        return store.abilities().contains(Ability.PRESIGN)
                ? store
                : new StreamedStore(
                        store,
                        artifact,
                        located.key(),
                        capability,
                        urls,
                        (from, object) -> sized(capability, location, from, object));
    }

    private ArtifactStore writable(ArtifactStore store) throws StoreException {
        if (!store.abilities().contains(Ability.WRITE)) {
            throw StoreException.unable(store.name(), "be written to; it is for input artifacts only");
        }
        return store.abilities().contains(Ability.MULTIPART) ? store : new PartsOnDisk(store, parts);
    }

    private StoredObject sized(
            Capability capability, Map<String, Object> location, ArtifactStore store, StoredObject object)
            throws StoreException {
        if (object.sizeBytes() >= 0) {
            return object;
        }
        var spooled = spool.hold(name(capability, location, object.key()), () -> store.read(object.key()));
        var crc64 = spooled.crc64();
        return new StoredObject(
                object.key(), spooled.sizeBytes(), crc64, crc64, object.modified(), object.contentType());
    }

    /** The object as it lies on disk here, if it does. */
    public Optional<Spool.Spooled> spooled(Capability capability, Map<String, Object> location, String key) {
        return spool.find(name(capability, location, key));
    }

    private static Spool.Name name(Capability capability, Map<String, Object> location, String key) {
        return new Spool.Name(capability.workflowUid(), capability.namespace(), location, key);
    }
}
