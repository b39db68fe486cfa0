package io.tiphys.local.objectstore.storage;

import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A bucket: its objects in the order of their keys' UTF-8 bytes. Read by any thread, changed only through {@link Storage}. */
public final class Bucket {
    private final String name;
    private final long created;
    private final ConcurrentSkipListMap<String, StoredObject> objects = new ConcurrentSkipListMap<>(Keys.ORDER);
    private volatile @Nullable String lifecycle;

    Bucket(String name, long created) {
        this.name = name;
        this.created = created;
    }

    public String name() {
        return name;
    }

    public long created() {
        return created;
    }

    public ConcurrentSkipListMap<String, StoredObject> objects() {
        return objects;
    }

    /** The lifecycle rules as they were put, or null. */
    public @Nullable String lifecycle() {
        return lifecycle;
    }

    void setLifecycle(@Nullable String document) {
        lifecycle = document;
    }
}
