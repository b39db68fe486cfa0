package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArchiveStrategy;
import io.tiphys.api.Artifact;
import io.tiphys.artifactgc.plan.Deletion;
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
 * Deletes through the store ports: artifacts of the same bucket and identity in one batch. An artifact that was stored without
 * an archive may be a directory; then all keys below its own, and only those, go with it.
 */
public final class StoreRemover implements ArtifactRemover {
    /** Fields of an artifact that are locations. */
    private static final List<String> KINDS =
            List.of("oss", "s3", "gcs", "azure", "hdfs", "artifactory", "http", "git", "raw", "plugin");
    /** Fields of a location that name the object in its store. */
    private static final List<String> NAMES_OF_OBJECTS = List.of("key", "blob", "path");

    private final Stores stores;

    public StoreRemover(Stores stores) {
        this.stores = stores;
    }

    @Override
    public List<Outcome> remove(String namespace, List<Deletion> deletions) {
        Map<Deletion, Outcome> outcomes = new HashMap<>();
        batches(deletions).values().forEach(batch -> removeBatch(namespace, batch, outcomes));
        List<Outcome> inOrder = new ArrayList<>(deletions.size());
        deletions.forEach(deletion -> {
            Outcome outcome = outcomes.get(deletion);
            inOrder.add(outcome != null ? outcome : new Outcome.Deleted(deletion));
        });
        return inOrder;
    }

    private static Map<JsonNode, List<Deletion>> batches(List<Deletion> deletions) {
        Map<JsonNode, List<Deletion>> batches = new LinkedHashMap<>();
        for (Deletion deletion : deletions) {
            batches.computeIfAbsent(placeOf(deletion.artifact()), _ -> new ArrayList<>())
                    .add(deletion);
        }
        return batches;
    }

    /** Store, bucket and identity: the location without what names the object. */
    private static JsonNode placeOf(Artifact artifact) {
        ObjectNode place = ApiJson.mapper().createObjectNode();
        ObjectNode whole = ApiJson.mapper().valueToTree(artifact);
        for (String kind : KINDS) {
            if (whole.path(kind) instanceof ObjectNode location) {
                place.set(kind, location.deepCopy().without(NAMES_OF_OBJECTS));
            }
        }
        return place;
    }

    private void removeBatch(String namespace, List<Deletion> batch, Map<Deletion, Outcome> outcomes) {
        ArtifactStore store = null;
        Map<String, Deletion> owners = new LinkedHashMap<>();
        for (Deletion deletion : batch) {
            try {
                Located located = stores.locate(namespace, deletion.artifact());
                checkKey(located.key());
                store = located.store();
                owners.put(located.key(), deletion);
                if (isPerhapsADirectory(deletion.artifact())
                        && store.abilities().contains(Ability.LIST)) {
                    store.list(located.key() + "/", object -> owners.put(object.key(), deletion));
                }
            } catch (StoreException e) {
                outcomes.put(deletion, failed(deletion, e.getMessage(), e.kind()));
            }
        }
        owners.values().removeIf(outcomes::containsKey);
        if (store != null && !owners.isEmpty()) {
            delete(store, owners, outcomes);
        }
    }

    private static void delete(ArtifactStore store, Map<String, Deletion> owners, Map<Deletion, Outcome> outcomes) {
        try {
            store.delete(owners.keySet()).forEach((key, why) -> {
                Deletion owner = owners.get(key);
                if (owner != null) {
                    outcomes.put(owner, failed(owner, why.getMessage(), why.kind()));
                }
            });
        } catch (StoreException e) {
            owners.values().forEach(owner -> outcomes.putIfAbsent(owner, failed(owner, e.getMessage(), e.kind())));
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
