package io.tiphys.artifacts.http;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import java.io.InputStream;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A folder of another store. */
final class Below extends ReadOnlyStore {
    private final ArtifactStore store;
    private final String folder;

    Below(ArtifactStore store, String folder) {
        this.store = store;
        this.folder = folder;
    }

    @Override
    public Set<Ability> abilities() {
        return store.abilities();
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        return store.head(folder + key);
    }

    @Override
    public InputStream read(String key) throws StoreException {
        return store.read(folder + key);
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        return store.read(folder + key, from, to);
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        return store.put(folder + key, options, content, sizeBytes);
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        var failed = new TreeMap<String, StoreException>();
        store.delete(keys.stream().map(key -> folder + key).toList())
                .forEach((key, why) -> failed.put(key.substring(folder.length()), why));
        return failed;
    }
}
