package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deletes through the store ports: artifacts of the same bucket and identity together, in batches of 1,000 keys, whoever they
 * belong to. An artifact that was stored without an archive may be a directory; then all keys below its own, and only those, go
 * with it.
 */
public final class StoreRemover implements ArtifactRemover {
    private static final int BATCH = 1000;

    private final Stores stores;

    public StoreRemover(Stores stores) {
        this.stores = stores;
    }

    @Override
    public List<Outcome> remove(List<Deletion> deletions) {
        Map<Deletion, Outcome> failures = new HashMap<>();
        places(deletions).values().forEach(ofOnePlace -> removeFrom(ofOnePlace, failures));
        List<Outcome> inOrder = new ArrayList<>(deletions.size());
        deletions.forEach(deletion -> {
            Outcome failure = failures.get(deletion);
            inOrder.add(failure != null ? failure : new Outcome.Deleted(deletion));
        });
        return inOrder;
    }

    /** Where an identity deletes: the Secrets of two namespaces may differ. */
    private record Place(String namespace, JsonNode location) {}

    private static Map<Place, List<Deletion>> places(List<Deletion> deletions) {
        Map<Place, List<Deletion>> places = new LinkedHashMap<>();
        for (Deletion deletion : deletions) {
            Place place = new Place(deletion.workflow().namespace(), Locations.place(deletion.artifact()));
            places.computeIfAbsent(place, _ -> new ArrayList<>()).add(deletion);
        }
        return places;
    }

    private void removeFrom(List<Deletion> ofOnePlace, Map<Deletion, Outcome> failures) {
        Batch batch = null;
        for (Deletion deletion : ofOnePlace) {
            try {
                Located located = stores.locate(deletion.workflow().namespace(), deletion.artifact());
                checkKey(located.key());
                if (batch == null) {
                    batch = new Batch(located.store(), failures);
                }
                batch.add(located.key(), deletion);
                if (isPerhapsADirectory(deletion.artifact())
                        && located.store().abilities().contains(Ability.LIST)) {
                    Batch open = batch;
                    located.store().list(located.key() + "/", object -> open.add(object.key(), deletion));
                }
            } catch (StoreException e) {
                failures.put(deletion, failed(deletion, e.getMessage(), e.kind()));
            }
        }
        if (batch != null) {
            batch.delete();
        }
    }

    /** Keys that go together, and whose they are: several artifacts may be the same object. */
    private static final class Batch {
        private final ArtifactStore store;
        private final Map<Deletion, Outcome> failures;
        private final Map<String, List<Deletion>> owners = new LinkedHashMap<>();

        Batch(ArtifactStore store, Map<Deletion, Outcome> failures) {
            this.store = store;
            this.failures = failures;
        }

        void add(String key, Deletion owner) {
            owners.computeIfAbsent(key, _ -> new ArrayList<>(1)).add(owner);
            if (owners.size() == BATCH) {
                delete();
            }
        }

        void delete() {
            if (owners.isEmpty()) {
                return;
            }
            try {
                store.delete(List.copyOf(owners.keySet())).forEach(this::failed);
            } catch (StoreException e) {
                owners.keySet().forEach(key -> failed(key, e));
            }
            owners.clear();
        }

        private void failed(String key, StoreException why) {
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
