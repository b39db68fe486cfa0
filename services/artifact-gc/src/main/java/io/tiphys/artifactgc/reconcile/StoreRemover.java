package io.tiphys.artifactgc.reconcile;

import io.tiphys.api.ArchiveStrategy;
import io.tiphys.api.Artifact;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.Locations;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Deletes through the store ports: artifacts of the same bucket and identity together, in batches of 1,000 keys, whoever they
 * belong to and whoever asks ({@link Lane}). An artifact that was stored without an archive may be a directory; then all keys below
 * its own, and only those, go with it.
 */
public final class StoreRemover implements ArtifactRemover {
    private final Stores stores;
    private final Map<Place, Lane> lanes = new ConcurrentHashMap<>();

    public StoreRemover(Stores stores) {
        this.stores = stores;
    }

    @Override
    public List<Outcome> remove(List<Deletion> deletions) {
        Outcomes outcomes = new Outcomes(deletions);
        places(deletions).forEach((place, ofOnePlace) -> removeFrom(place, ofOnePlace, outcomes));
        return outcomes.inOrder();
    }

    /** What became of deletions, which are known by their numbers here: as values they are large. Thread-safe. */
    private static final class Outcomes {
        private final List<Deletion> deletions;
        private final Map<Integer, Outcome> failures = new ConcurrentHashMap<>();

        Outcomes(List<Deletion> deletions) {
            this.deletions = deletions;
        }

        Deletion deletion(int number) {
            return deletions.get(number);
        }

        void failed(int number, StoreException why) {
            if (why.kind() != StoreException.Kind.NOT_FOUND) { // it wasn't there: as good as deleted
                failures.putIfAbsent(number, StoreRemover.failed(deletion(number), why));
            }
        }

        List<Outcome> inOrder() {
            List<Outcome> inOrder = new ArrayList<>(deletions.size());
            for (int n = 0; n < deletions.size(); n++) {
                Outcome failure = failures.get(n);
                inOrder.add(failure != null ? failure : new Outcome.Deleted(deletion(n)));
            }
            return inOrder;
        }
    }

    /** Where an identity deletes: the Secrets of two namespaces may differ. */
    private record Place(String namespace, Object location) {}

    /** The numbers of the deletions of each place. */
    private static Map<Place, List<Integer>> places(List<Deletion> deletions) {
        Map<Place, List<Integer>> places = new LinkedHashMap<>();
        for (int n = 0; n < deletions.size(); n++) {
            Deletion deletion = deletions.get(n);
            Place place = new Place(deletion.workflow().namespace(), Locations.place(deletion.artifact()));
            places.computeIfAbsent(place, _ -> new ArrayList<>()).add(n);
        }
        return places;
    }

    private void removeFrom(Place place, List<Integer> deletions, Outcomes outcomes) {
        Lane lane = lanes.compute(place, (_, known) -> (known == null ? new Lane() : known).entered());
        try (Lane.Part part = lane.part()) {
            for (int number : deletions) {
                try {
                    remove(outcomes.deletion(number), part, why -> outcomes.failed(number, why));
                } catch (StoreException e) {
                    outcomes.failed(number, e);
                }
            }
        } finally {
            lanes.computeIfPresent(place, (_, known) -> known.left());
        }
    }

    private void remove(Deletion deletion, Lane.Part part, Consumer<StoreException> refused) throws StoreException {
        Located located = stores.locate(deletion.workflow().namespace(), deletion.artifact());
        checkKey(located.key());
        part.add(located.store()::delete, located.key(), refused);
        if (isPerhapsADirectory(deletion.artifact())
                && located.store().abilities().contains(Ability.LIST)) {
            located.store()
                    .list(located.key() + "/", object -> part.add(located.store()::delete, object.key(), refused));
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

    private static Outcome failed(Deletion deletion, StoreException why) {
        String message = "artifact \"%s\" of node %s could not be deleted: %s"
                .formatted(deletion.artifact().name(), deletion.nodeId(), why.getMessage());
        return new Outcome.Failed(deletion, message, why.kind() == StoreException.Kind.UNAVAILABLE);
    }
}
