package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All objects. One counter gives every write its resource version; a write is journalled, then indexed, then visible, and listeners hear of
 * it after that. Writes to one resource are serial, to different ones parallel.
 */
final class Store implements AutoCloseable {
    /** etcd's {@code --max-request-bytes} where nothing else is set. */
    private static final int MAX_OBJECT_BYTES = 1536 * 1024;

    private final Map<String, TypeStore> types = new ConcurrentHashMap<>();
    private final AtomicLong revision;
    private final Journal journal;
    private final int historyLength;
    private final List<Consumer<Change>> indexes = new CopyOnWriteArrayList<>();
    private final List<Consumer<Change>> listeners = new CopyOnWriteArrayList<>();

    /** The objects of a type, and the resource version as of which they were read. */
    record Snapshot(TypeStore objects, long revision) {}

    Store(Journal journal, int historyLength, long startRevision) {
        this.journal = journal;
        this.historyLength = historyLength;
        this.revision = new AtomicLong(startRevision);
    }

    /**
     * The index is told of each change before anybody can see it, and of those of one object in their order: what is made because an object
     * was seen finds it there. It must neither wait nor look at the store.
     */
    void addIndex(Consumer<Change> index) {
        indexes.add(index);
    }

    /** The listener is told of each change some time after it can be seen, in no certain order. */
    void onChange(Consumer<Change> listener) {
        listeners.add(listener);
    }

    TypeStore objects(ResourceType type) {
        return types.computeIfAbsent(
                type.qualifiedPlural(), plural -> new TypeStore(historyLength, Math.max(0, revision.get())));
    }

    /** The objects of a type with a resource version that no later change of the type precedes. */
    Snapshot snapshot(ResourceType type) {
        TypeStore objects = objects(type);
        ReentrantLock lock = objects.lock();
        lock.lock();
        try {
            return new Snapshot(objects, revision.get());
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    StoredObject find(ResourceType type, String namespace, String name) {
        return objects(type).get(type.key(namespace, name));
    }

    StoredObject get(ResourceType type, String namespace, String name) {
        StoredObject found = find(type, namespace, name);
        if (found == null) {
            throw ApiException.notFound(type, name);
        }
        return found;
    }

    StoredObject create(ResourceType type, ObjectNode object) {
        TypeStore objects = objects(type);
        Change change;
        objects.lock().lock();
        try {
            StoredObject created = fitting(next(type, object));
            if (objects.get(created.key()) != null) {
                throw ApiException.alreadyExists(type, created.name());
            }
            journal.put(created);
            change = new Change(Change.Kind.ADDED, created, null);
            apply(change, objects);
        } finally {
            objects.lock().unlock();
        }
        announce(change);
        return change.object();
    }

    /** Changes one object atomically; {@code decide} gets a tree of its own to change and return. */
    StoredObject change(ResourceType type, String namespace, String name, Function<ObjectNode, Outcome> decide) {
        return change(Extent.WHOLE, type, namespace, name, decide);
    }

    /** As {@link #change} for what concerns the metadata alone: the tree has nothing else, and the rest stays as it is, unread. */
    StoredObject changeMetadata(
            ResourceType type, String namespace, String name, Function<ObjectNode, Outcome> decide) {
        return change(Extent.METADATA, type, namespace, name, decide);
    }

    /** How much of an object is decoded for a change, and encoded after it. */
    private enum Extent {
        WHOLE {
            @Override
            ObjectNode decode(byte[] json) {
                return Json.decode(json);
            }

            @Override
            byte[] encode(byte[] before, ObjectNode changed) {
                return Json.encode(changed);
            }
        },
        METADATA {
            @Override
            ObjectNode decode(byte[] json) {
                return Json.decodeMetadata(json);
            }

            @Override
            byte[] encode(byte[] before, ObjectNode changed) {
                return Json.withMetadata(before, Json.metadata(changed));
            }
        };

        abstract ObjectNode decode(byte[] json);

        abstract byte[] encode(byte[] before, ObjectNode changed);
    }

    private StoredObject change(
            Extent extent, ResourceType type, String namespace, String name, Function<ObjectNode, Outcome> decide) {
        TypeStore objects = objects(type);
        Change change;
        objects.lock().lock();
        try {
            StoredObject current = get(type, namespace, name);
            change = switch (decide.apply(extent.decode(current.json()))) {
                case Outcome.Replace(ObjectNode changed) -> {
                    Json.metadata(changed).put("resourceVersion", Long.toString(current.resourceVersion()));
                    byte[] json = extent.encode(current.json(), changed);
                    if (Arrays.equals(json, current.json())) {
                        yield new Change(Change.Kind.MODIFIED, current, current);
                    }
                    StoredObject next = fitting(next(type, changed, json));
                    journal.put(next);
                    yield new Change(Change.Kind.MODIFIED, next, current);
                }
                case Outcome.Remove(ObjectNode last) -> {
                    StoredObject removed = next(type, last, extent.encode(current.json(), last));
                    journal.remove(removed);
                    yield new Change(Change.Kind.DELETED, removed, current);
                }
            };
            if (change.object() != current) {
                apply(change, objects);
            }
        } finally {
            objects.lock().unlock();
        }
        if (change.object() != change.previous()) {
            announce(change);
        }
        return change.object();
    }

    private StoredObject next(ResourceType type, ObjectNode object) {
        Json.metadata(object).put("resourceVersion", Long.toString(revision.incrementAndGet()));
        return new StoredObject(type, object, Json.encode(object));
    }

    /** The same of an object that is encoded already but for its version. */
    private StoredObject next(ResourceType type, ObjectNode object, byte[] json) {
        ObjectNode metadata = Json.metadata(object);
        metadata.put("resourceVersion", Long.toString(revision.incrementAndGet()));
        return new StoredObject(type, object, Json.withMetadata(json, metadata));
    }

    /** As etcd refuses it, and as clients see that. */
    private static StoredObject fitting(StoredObject object) {
        if (object.json().length > MAX_OBJECT_BYTES) {
            throw new ApiException(500, "InternalError", "etcdserver: request is too large");
        }
        return object;
    }

    private void apply(Change change, TypeStore objects) {
        indexes.forEach(index -> index.accept(change));
        objects.apply(change);
    }

    private void announce(Change change) {
        listeners.forEach(listener -> listener.accept(change));
    }

    /** Every object, type by type in name order. */
    void forEach(Consumer<StoredObject> consumer) {
        new TreeMap<>(types).values().forEach(objects -> objects.all().forEach(consumer));
    }

    @Override
    public void close() {
        types.values().forEach(TypeStore::close);
        journal.close();
    }
}
