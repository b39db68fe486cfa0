package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What clients do with single objects: create, update, patch, delete. Lists and watches read the {@link Store} directly. */
final class Resources {
    private static final String FOREGROUND = "foregroundDeletion";

    /** One object, or its status subresource. */
    record Target(ResourceType type, String namespace, String name, boolean statusOnly) {}

    private final Store store;
    private final ResourceTypes types;
    private final Quotas quotas;

    Resources(Store store, ResourceTypes types, Quotas quotas) {
        this.store = store;
        this.types = types;
        this.quotas = quotas;
    }

    /** A stored object, or with dry run one that would have been. */
    StoredObject create(ResourceType type, String namespace, ObjectNode object, boolean dryRun) {
        boolean named = !Json.text("", object, "metadata", "name").isEmpty();
        if (type.namespaced()) {
            checkNamespace(namespace);
        }
        Admission.prepareCreate(type, namespace, object);
        if (dryRun) {
            if (store.find(type, namespace, Json.text("", object, "metadata", "name")) != null) {
                throw ApiException.alreadyExists(type, Json.text("", object, "metadata", "name"));
            }
            return new StoredObject(type, object, Json.encode(object));
        }
        for (int attempt = 0; ; attempt++) {
            try {
                return quotas.within(type, namespace, object, () -> store.create(type, object));
            } catch (ApiException e) {
                if (named || attempt == 5 || e.code() != 409) {
                    throw e;
                }
                ObjectNode metadata = Json.metadata(object);
                metadata.remove("name");
                metadata.remove("resourceVersion");
                Admission.prepareCreate(type, namespace, object);
            }
        }
    }

    private void checkNamespace(String name) {
        StoredObject namespace = store.find(types.namespaces(), "", name);
        if (namespace == null) {
            throw ApiException.notFound(types.namespaces(), name);
        }
        if ("Terminating".equals(namespace.fields().get("status.phase"))) {
            throw new ApiException(
                    403, "Forbidden", "namespace " + name + " is being terminated; nothing new can be created in it");
        }
    }

    /** Changes an object, or its status alone; {@code edit} gets the current object and returns the wanted one. */
    StoredObject update(Target target, boolean dryRun, UnaryOperator<ObjectNode> edit) {
        if (dryRun) {
            ObjectNode current =
                    store.get(target.type(), target.namespace(), target.name()).toNode();
            ObjectNode wanted = wanted(target, current, edit);
            return new StoredObject(target.type(), wanted, Json.encode(wanted));
        }
        return store.change(
                target.type(), target.namespace(), target.name(), current -> outcome(target, current, edit));
    }

    /** As {@link #update} of an object of a custom type, of which {@code edit} sees and changes the metadata alone. */
    StoredObject updateMetadata(Target target, UnaryOperator<ObjectNode> edit) {
        ResourceType type = target.type();
        return store.changeMetadata(type, target.namespace(), target.name(), current -> {
            current.put("apiVersion", type.apiVersion()).put("kind", type.kind()); // as checks expect them
            return outcome(target, current, edit);
        });
    }

    private static Outcome outcome(Target target, ObjectNode current, UnaryOperator<ObjectNode> edit) {
        ObjectNode wanted = wanted(target, current, edit);
        return mayGo(wanted) ? new Outcome.Remove(wanted) : new Outcome.Replace(wanted);
    }

    private static ObjectNode wanted(Target target, ObjectNode current, UnaryOperator<ObjectNode> edit) {
        ObjectNode wanted = edit.apply(current.deepCopy());
        Admission.checkTypeAndNamespace(target.type(), target.namespace(), wanted);
        String name = Json.text(target.name(), wanted, "metadata", "name");
        if (!name.equals(target.name())) {
            throw ApiException.badRequest(
                    "the name of the object (" + name + ") does not match the name on the URL (" + target.name() + ")");
        }
        Admission.prepareUpdate(target.type(), current, wanted, target.statusOnly());
        return wanted;
    }

    /** Deletion was asked for, waits for nobody's finalizer and for no grace period. */
    private static boolean mayGo(ObjectNode object) {
        ObjectNode metadata = Json.metadata(object);
        return metadata.hasNonNull("deletionTimestamp")
                && metadata.path("finalizers").isEmpty()
                && metadata.path("deletionGracePeriodSeconds").asLong(0) == 0
                && object.path("spec").path("finalizers").isEmpty();
    }

    /** What became of a deletion: gone, or marked and still there. */
    record Deletion(StoredObject object, boolean gone) {}

    Deletion delete(ResourceType type, String namespace, String name, DeleteOptions options) {
        if (options.dryRun()) {
            return new Deletion(store.get(type, namespace, name), true);
        }
        boolean[] gone = {false};
        Function<ObjectNode, Outcome> marking = current -> {
            checkPreconditions(type, current, options);
            ObjectNode metadata = Json.metadata(current);
            switch (options.propagation()) {
                case "Foreground" -> addFinalizer(metadata, FOREGROUND);
                case "Orphan" -> addFinalizer(metadata, "orphan");
                default -> {}
            }
            if (type.is("", "namespaces")) {
                Json.child(current, "status").put("phase", "Terminating");
                Json.child(current, "spec").putArray("finalizers").add("kubernetes");
            }
            mark(metadata, type.isPod() ? podGrace(current, options) : 0);
            gone[0] = mayGo(current);
            return gone[0] ? new Outcome.Remove(current) : new Outcome.Replace(current);
        };
        StoredObject result = type.custom() // of which only the metadata says when it may go
                ? store.changeMetadata(type, namespace, name, marking)
                : store.change(type, namespace, name, marking);
        return new Deletion(result, gone[0]);
    }

    private static void addFinalizer(ObjectNode metadata, String finalizer) {
        ArrayNode finalizers =
                metadata.get("finalizers") instanceof ArrayNode found ? found : metadata.putArray("finalizers");
        if (finalizers.valueStream().noneMatch(present -> present.asText().equals(finalizer))) {
            finalizers.add(finalizer);
        }
    }

    private static void checkPreconditions(ResourceType type, ObjectNode current, DeleteOptions options) {
        ObjectNode metadata = Json.metadata(current);
        String name = Json.text("", metadata, "name");
        String uid = options.uid();
        if (uid != null && !uid.equals(Json.text(metadata, "uid"))) {
            throw ApiException.conflict(type, name, "Precondition failed: the UID is not " + uid + " any more");
        }
        String revision = options.resourceVersion();
        if (revision != null && !revision.equals(Json.text(metadata, "resourceVersion"))) {
            throw ApiException.conflict(
                    type, name, "Precondition failed: the resourceVersion is not " + revision + " any more");
        }
    }

    /** Sets the time of deletion; a later call can only bring it forward. */
    private static void mark(ObjectNode metadata, long graceSeconds) {
        boolean marked = metadata.hasNonNull("deletionTimestamp");
        if (marked && metadata.path("deletionGracePeriodSeconds").asLong(0) <= graceSeconds) {
            return;
        }
        metadata.put(
                "deletionTimestamp",
                Instant.now()
                        .truncatedTo(ChronoUnit.SECONDS)
                        .plusSeconds(graceSeconds)
                        .toString());
        metadata.put("deletionGracePeriodSeconds", graceSeconds);
    }

    /** A pod that no node runs, or that has ended, needs no grace. */
    private static long podGrace(ObjectNode pod, DeleteOptions options) {
        JsonNode spec = pod.path("spec");
        String phase = Json.text("", pod, "status", "phase");
        if (Json.text("", spec, "nodeName").isEmpty() || phase.equals("Succeeded") || phase.equals("Failed")) {
            return 0;
        }
        Long wanted = options.gracePeriodSeconds();
        return wanted == null ? spec.path("terminationGracePeriodSeconds").asLong(30) : wanted;
    }

    /** Takes a finalizer of the server's own off an object, which may let it go. */
    void removeFinalizer(ResourceType type, String namespace, String name, String finalizer) {
        store.change(type, namespace, name, current -> {
            removeText(Json.metadata(current).get("finalizers"), finalizer);
            if (current.get("spec") instanceof ObjectNode spec) {
                removeText(spec.get("finalizers"), finalizer);
            }
            return mayGo(current) ? new Outcome.Remove(current) : new Outcome.Replace(current);
        });
    }

    private static void removeText(@Nullable JsonNode list, String text) {
        if (list instanceof ArrayNode array) {
            for (int at = array.size() - 1; at >= 0; at--) {
                if (array.get(at).asText().equals(text)) {
                    array.remove(at);
                }
            }
        }
    }
}
