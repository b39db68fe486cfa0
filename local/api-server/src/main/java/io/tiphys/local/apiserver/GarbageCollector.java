package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what depends on objects that are gone (owner references), empties namespaces that are being deleted, and ends
 * foreground and orphaning deletions. One thread works through what changed; everything it does may be done twice.
 */
final class GarbageCollector implements AutoCloseable {
    private record Reference(ResourceType type, String namespace, String name) {}

    private final Store store;
    private final ResourceTypes types;
    private final Resources resources;
    private final Map<String, Reference> live = new ConcurrentHashMap<>();
    private final Map<String, Set<Reference>> dependents = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final Thread worker = Thread.ofVirtual().name("api-server-gc").unstarted(this::run);

    GarbageCollector(Store store, ResourceTypes types, Resources resources) {
        this.store = store;
        this.types = types;
        this.resources = resources;
    }

    /** Takes stock of what was recovered from disk, and starts. */
    void start() {
        store.forEach(this::index);
        store.forEach(this::consider);
        worker.start();
    }

    /** Takes note of what depends on what; for {@link Store#addIndex}. */
    void index(Change change) {
        StoredObject object = change.object();
        if (change.kind() == Change.Kind.DELETED) {
            live.remove(object.uid());
            object.ownerUids().forEach(owner -> {
                Set<Reference> siblings = dependents.get(owner);
                if (siblings != null) {
                    siblings.remove(reference(object));
                }
            });
        } else {
            index(object);
        }
    }

    /** Sees to what follows from a change; for {@link Store#onChange}. */
    void observe(Change change) {
        StoredObject object = change.object();
        if (change.kind() == Change.Kind.DELETED) {
            work.add(() -> ownerGone(object.uid()));
            object.ownerUids().forEach(owner -> work.add(() -> ownerMayGo(owner)));
            if (!object.namespace().isEmpty()) {
                work.add(() -> emptyNamespace(object.namespace(), false));
            }
        } else {
            consider(object);
        }
    }

    private static Reference reference(StoredObject object) {
        return new Reference(object.type(), object.namespace(), object.name());
    }

    private void index(StoredObject object) {
        live.put(object.uid(), reference(object));
        object.ownerUids()
                .forEach(owner -> dependents
                        .computeIfAbsent(owner, _ -> ConcurrentHashMap.newKeySet())
                        .add(reference(object)));
    }

    private void consider(StoredObject object) {
        if (!object.ownerUids().isEmpty()) {
            work.add(() -> deleteIfOwnersGone(reference(object)));
        }
        if (object.type().is("", "namespaces")
                && "Terminating".equals(object.fields().get("status.phase"))) {
            work.add(() -> emptyNamespace(object.name(), true));
        }
        if (object.isBeingDeletedWith("foregroundDeletion") || object.isBeingDeletedWith("orphan")) {
            work.add(() -> startPropagation(object));
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Runnable next = work.take();
                try {
                    next.run();
                } catch (ApiException e) {
                    if (e.code() != 404 && e.code() != 409) {
                        log(e);
                    }
                } catch (RuntimeException e) {
                    log(e);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void log(RuntimeException e) {
        System.getLogger(GarbageCollector.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "garbage collection step failed; it is repeated at the next change",
                        e);
    }

    private void ownerGone(String uid) {
        dependentsOf(uid).forEach(this::deleteIfOwnersGone);
        dependents.computeIfPresent(uid, (_, references) -> references.isEmpty() ? null : references);
    }

    private List<Reference> dependentsOf(String uid) {
        return List.copyOf(dependents.getOrDefault(uid, Set.of()));
    }

    private void deleteIfOwnersGone(Reference reference) {
        StoredObject object = store.find(reference.type(), reference.namespace(), reference.name());
        if (object != null
                && !object.ownerUids().isEmpty()
                && object.ownerUids().stream().noneMatch(live::containsKey)) {
            delete(reference, object.uid());
        }
    }

    private void delete(Reference reference, @Nullable String uid) {
        try {
            resources.delete(
                    reference.type(),
                    reference.namespace(),
                    reference.name(),
                    new DeleteOptions(null, "Background", uid, null, false));
        } catch (ApiException e) {
            if (e.code() != 404 && e.code() != 409) {
                throw e;
            }
        }
    }

    private void startPropagation(StoredObject owner) {
        if (owner.isBeingDeletedWith("orphan")) {
            dependentsOf(owner.uid()).forEach(dependent -> orphan(dependent, owner.uid()));
            resources.removeFinalizer(owner.type(), owner.namespace(), owner.name(), "orphan");
        } else {
            dependentsOf(owner.uid()).forEach(dependent -> delete(dependent, null));
            ownerMayGo(owner.uid());
        }
    }

    private void orphan(Reference dependent, String ownerUid) {
        var target = new Resources.Target(dependent.type(), dependent.namespace(), dependent.name(), false);
        resources.update(target, false, object -> {
            if (Json.metadata(object).get("ownerReferences") instanceof ArrayNode owners) {
                for (int at = owners.size() - 1; at >= 0; at--) {
                    if (ownerUid.equals(Json.text(owners.get(at), "uid"))) {
                        owners.remove(at);
                    }
                }
            }
            return object;
        });
        Set<Reference> references = dependents.get(ownerUid);
        if (references != null) {
            references.remove(dependent);
        }
    }

    private void ownerMayGo(String uid) {
        Reference owner = live.get(uid);
        if (owner == null || !dependentsOf(uid).isEmpty()) {
            return;
        }
        StoredObject object = store.find(owner.type(), owner.namespace(), owner.name());
        if (object != null && object.isBeingDeletedWith("foregroundDeletion")) {
            resources.removeFinalizer(owner.type(), owner.namespace(), owner.name(), "foregroundDeletion");
        }
    }

    private void emptyNamespace(String name, boolean deleteContent) {
        StoredObject namespace = store.find(types.namespaces(), "", name);
        if (namespace == null || !"Terminating".equals(namespace.fields().get("status.phase"))) {
            return;
        }
        boolean empty = true;
        for (ResourceType type : types.all()) {
            if (!type.namespaced()) {
                continue;
            }
            for (StoredObject object : store.objects(type).after(name, null)) {
                empty = false;
                if (deleteContent) {
                    delete(reference(object), null);
                }
            }
        }
        if (empty) {
            resources.removeFinalizer(types.namespaces(), "", name, "kubernetes");
        }
    }

    @Override
    public void close() {
        worker.interrupt();
    }
}
