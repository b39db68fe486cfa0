package io.tiphys.artifactgc.reconcile;

import io.tiphys.api.ArchiveStrategy;
import io.tiphys.api.Artifact;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.Locations;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Deletes through the store ports: artifacts of the same bucket and identity together, in batches of 1,000 keys, whoever they
 * belong to. An artifact that was stored without an archive may be a directory; then all keys below its own, and only those, go
 * with it.
 */
public final class StoreRemover implements ArtifactRemover {
    private static final int BATCH = 1000;

    /** Batches of one call at once: as many as keep a store busy that answers one after the other. */
    private static final int AT_A_TIME = 4;

    private final Stores stores;

    public StoreRemover(Stores stores) {
        this.stores = stores;
    }

    @Override
    public List<Outcome> remove(List<Deletion> deletions) {
        Map<Deletion, Outcome> failures = new ConcurrentHashMap<>();
        places(deletions).values().forEach(ofOnePlace -> removeFrom(ofOnePlace, failures));
        List<Outcome> inOrder = new ArrayList<>(deletions.size());
        deletions.forEach(deletion -> {
            Outcome failure = failures.get(deletion);
            inOrder.add(failure != null ? failure : new Outcome.Deleted(deletion));
        });
        return inOrder;
    }

    /** Where an identity deletes: the Secrets of two namespaces may differ. */
    private record Place(String namespace, Object location) {}

    private static Map<Place, List<Deletion>> places(List<Deletion> deletions) {
        Map<Place, List<Deletion>> places = new LinkedHashMap<>();
        for (Deletion deletion : deletions) {
            Place place = new Place(deletion.workflow().namespace(), Locations.place(deletion.artifact()));
            places.computeIfAbsent(place, _ -> new ArrayList<>()).add(deletion);
        }
        return places;
    }

    private void removeFrom(List<Deletion> ofOnePlace, Map<Deletion, Outcome> failures) {
        try (Batches batches = new Batches(failures)) {
            for (Deletion deletion : ofOnePlace) {
                try {
                    Located located = stores.locate(deletion.workflow().namespace(), deletion.artifact());
                    checkKey(located.key());
                    batches.add(located.store(), located.key(), deletion);
                    if (isPerhapsADirectory(deletion.artifact())
                            && located.store().abilities().contains(Ability.LIST)) {
                        located.store()
                                .list(
                                        located.key() + "/",
                                        object -> batches.add(located.store(), object.key(), deletion));
                    }
                } catch (StoreException e) {
                    failures.put(deletion, failed(deletion, e.getMessage(), e.kind()));
                }
            }
        }
    }

    /** Deletes what is added, a thousand keys at a time and a few such batches at once; closing it waits until all of it is done. */
    private static final class Batches implements AutoCloseable {
        private final Map<Deletion, Outcome> failures;
        private final Semaphore places = new Semaphore(AT_A_TIME);
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final List<Future<?>> running = new ArrayList<>();
        private @Nullable Batch open;

        Batches(Map<Deletion, Outcome> failures) {
            this.failures = failures;
        }

        void add(ArtifactStore store, String key, Deletion owner) {
            if (open == null) {
                open = new Batch(store, new LinkedHashMap<>());
            }
            open.owners().computeIfAbsent(key, _ -> new ArrayList<>(1)).add(owner);
            if (open.owners().size() == BATCH) {
                begin(open);
                open = null;
            }
        }

        private void begin(Batch batch) {
            places.acquireUninterruptibly(); // of something that ends by itself, as stores' clients have time-outs
            running.removeIf(done -> done.state() == Future.State.SUCCESS);
            running.add(threads.submit(() -> {
                try {
                    batch.delete(failures);
                } finally {
                    places.release();
                }
            }));
        }

        @Override
        public void close() {
            try (threads) {
                if (open != null && running.isEmpty()) {
                    open.delete(failures);
                } else if (open != null) {
                    begin(open);
                }
            }
            for (Future<?> batch : running) {
                if (batch.state() == Future.State.FAILED) {
                    throw new IllegalStateException("a batch of deletions broke off", batch.exceptionNow());
                }
            }
        }
    }

    /** Keys that go together, and whose they are: several artifacts may be the same object. */
    private record Batch(ArtifactStore store, Map<String, List<Deletion>> owners) {
        void delete(Map<Deletion, Outcome> failures) {
            try {
                store.delete(List.copyOf(owners.keySet())).forEach((key, why) -> failed(key, why, failures));
            } catch (StoreException e) {
                owners.keySet().forEach(key -> failed(key, e, failures));
            }
        }

        private void failed(String key, StoreException why, Map<Deletion, Outcome> failures) {
            if (why.kind() != StoreException.Kind.NOT_FOUND) {
                owners.getOrDefault(key, List.of())
                        .forEach(owner ->
                                failures.putIfAbsent(owner, StoreRemover.failed(owner, why.getMessage(), why.kind())));
            }
        }
    }

    private static boolean isPerhapsADirectory(Artifact artifact) {
        ArchiveStrategy archive = artifact.archive();
        return archive != null && archive.none() != null;
    }

    /** A key that could take more with it than one artifact's objects is never deleted. */
    private static void checkKey(String key) throws StoreException {
        if (key.isBlank() || key.endsWith("/") || key.contains("{{")) {
            throw new StoreException(
                    StoreException.Kind.REFUSED, "key \"" + key + "\" does not name an object of this artifact");
        }
    }

    private static Outcome failed(Deletion deletion, @Nullable String reason, StoreException.Kind kind) {
        String message = "artifact \"%s\" of node %s could not be deleted: %s"
                .formatted(deletion.artifact().name(), deletion.nodeId(), reason);
        return switch (kind) {
            case NOT_FOUND -> new Outcome.Deleted(deletion);
            case REFUSED -> new Outcome.Failed(deletion, message, false);
            case UNAVAILABLE -> new Outcome.Failed(deletion, message, true);
        };
    }
}
