package io.tiphys.artifactgc.orphan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.Relocation;
import io.tiphys.artifactgc.reconcile.Archive;
import io.tiphys.artifactgc.reconcile.WorkflowGateway;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.ArtifactStore.OpenUpload;
import io.tiphys.artifacts.ArtifactStore.Page;
import io.tiphys.artifacts.ArtifactStore.PageRequest;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.Stores;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is nobody's in an artifact repository: objects whose key has the repository's format, whose workflow is neither live (in any
 * namespace) nor in the archive, and which no workflow that is names as an artifact; and multipart uploads that no running workflow can
 * be at. Each must be older than asked for. A key outside the format is looked at only if a prefix is given that it begins with.
 *
 * <p>What is found is told as it is found; the store is read page by page. Live workflows are looked at again before anything is deleted.
 */
public final class OrphanSearch {
    private static final String DEFAULT_FORMAT = "{{workflow.name}}/{{pod.name}}";
    private static final Duration LEAST_AGE = Duration.ofHours(1);

    private final Stores stores;
    private final WorkflowGateway workflows;
    private final Archive archive;
    private final Clock clock;

    public OrphanSearch(Stores stores, WorkflowGateway workflows, Archive archive, Clock clock) {
        this.stores = stores;
        this.workflows = workflows;
        this.archive = archive;
        this.clock = clock;
    }

    /**
     * What is looked for.
     *
     * @param namespace in which the repository's Secrets are
     * @param repository Argo's artifact repository in JSON form
     * @param prefix keys that begin so, whatever their format; absent for those of the format
     * @param olderThan nothing younger is an orphan; an hour at least where something is deleted
     * @param delete whether what is found goes
     */
    public record Request(
            String namespace, JsonNode repository, @Nullable String prefix, Duration olderThan, boolean delete) {}

    /** What was found, and what became of it. */
    public sealed interface Found {
        String key();

        /** Why it couldn't be deleted; empty if it could, or shouldn't be. */
        String error();

        record Stored(String key, long sizeBytes, @Nullable Instant modified, boolean deleted, String error)
                implements Found {}

        record Upload(String key, String uploadId, @Nullable Instant begun, boolean deleted, String error)
                implements Found {}
    }

    /** How many were looked at. */
    public record Total(String store, String prefix, long objectsSeen, long uploadsSeen) {}

    /** A request that can't be done as it is. */
    public static final class RefusedException extends Exception {
        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * Tells what it finds, in the order of the keys, uploads last.
     *
     * @throws StoreException if the store can't be read; what was found before has been told
     * @throws RefusedException if the request can't be done as it is; nothing has been told then
     */
    public Total run(Request request, Consumer<Found> found) throws StoreException, RefusedException {
        if (request.delete() && request.olderThan().compareTo(LEAST_AGE) < 0) {
            throw new RefusedException("olderThan is " + request.olderThan() + "; to delete, it must be at least "
                    + LEAST_AGE + ": what is being written now belongs to nobody yet");
        }
        KeyFormat format = KeyFormat.of(format(request.repository()));
        String given = request.prefix();
        if (given == null && !format.namesOwner()) {
            throw new RefusedException("the repository's key format names neither workflow.name nor pod.name, so that a"
                    + " key doesn't tell its workflow; say with a prefix which keys to look at");
        }
        ObjectNode location = Relocation.inRepository(request.repository(), "any")
                .orElseThrow(() -> new RefusedException("there is no artifact repository that knows keys"));
        ArtifactStore store = stores.locate(
                        request.namespace(), ApiJson.mapper().convertValue(location, ArtifactLocation.class))
                .store();
        if (!store.abilities().contains(Ability.LIST)) {
            throw new RefusedException(store.name() + " can't tell what is in it");
        }
        KnownWorkflows known = new KnownWorkflows(workflows, archive, clock);
        known.refresh();
        String prefix = given == null ? format.prefix() : given;
        Run run = new Run(store, request, format, known, clock.instant().minus(request.olderThan()), found);
        return new Total(store.name(), prefix, run.objects(prefix), run.uploads(prefix));
    }

    private static String format(JsonNode repository) {
        JsonNode settings = repository.path(Relocation.kind(repository).orElse(""));
        for (String field : List.of("keyFormat", "blobNameFormat", "pathFormat")) {
            String format = settings.path(field).asText("");
            if (!format.isEmpty()) {
                return format.replaceFirst("^/+", "");
            }
        }
        String old = settings.path("keyPrefix").asText("").replaceFirst("/+$", "");
        return old.isEmpty() ? DEFAULT_FORMAT : old + "/" + DEFAULT_FORMAT;
    }

    /** One search in one store. */
    private record Run(
            ArtifactStore store,
            Request request,
            KeyFormat format,
            KnownWorkflows known,
            Instant before,
            Consumer<Found> found) {

        long objects(String prefix) throws StoreException {
            long seen = 0;
            PageRequest next = PageRequest.of(prefix);
            while (true) {
                Page page = store.page(next);
                seen += page.objects().size();
                tell(page.objects().stream().filter(this::isOrphan).toList());
                if (page.next() == null) {
                    return seen;
                }
                next = next.after(page.next());
            }
        }

        private boolean isOrphan(StoredObject object) {
            Instant modified = object.modified();
            return modified != null && modified.isBefore(before) && isNobodys(object.key());
        }

        private boolean isNobodys(String key) {
            Set<String> owners = format.owners(key);
            return !(owners.isEmpty() && request.prefix() == null) && !known.knows(owners, key);
        }

        private void tell(List<StoredObject> orphans) throws StoreException {
            if (!request.delete()) {
                orphans.forEach(each ->
                        found.accept(new Found.Stored(each.key(), each.sizeBytes(), each.modified(), false, "")));
                return;
            }
            known.refresh();
            List<StoredObject> still =
                    orphans.stream().filter(each -> isNobodys(each.key())).toList();
            if (still.isEmpty()) {
                return;
            }
            Map<String, StoreException> failed =
                    store.delete(still.stream().map(StoredObject::key).toList());
            for (StoredObject each : still) {
                StoreException why = failed.get(each.key());
                found.accept(new Found.Stored(
                        each.key(), each.sizeBytes(), each.modified(), why == null, why == null ? "" : text(why)));
            }
        }

        long uploads(String prefix) throws StoreException {
            if (!store.abilities().contains(Ability.MULTIPART)) {
                return 0;
            }
            List<OpenUpload> orphans = new ArrayList<>();
            long[] seen = {0};
            store.listMultipart(prefix, upload -> {
                seen[0]++;
                Instant begun = upload.begun();
                if (begun != null && begun.isBefore(before) && isAbandoned(upload.key())) {
                    orphans.add(upload);
                }
            });
            if (request.delete()) {
                known.refresh();
            }
            for (OpenUpload upload : orphans) {
                String error = "";
                boolean goes = request.delete() && isAbandoned(upload.key());
                if (goes) {
                    try {
                        store.abortMultipart(upload.key(), upload.uploadId());
                    } catch (StoreException e) {
                        error = text(e);
                    }
                }
                found.accept(new Found.Upload(
                        upload.key(), upload.uploadId(), upload.begun(), goes && error.isEmpty(), error));
            }
            return seen[0];
        }

        /** A workflow that has ended uploads nothing any more, whoever knows it. */
        private boolean isAbandoned(String key) {
            Set<String> owners = format.owners(key);
            if (!owners.isEmpty() && !known.isRunning(owners) && known.knows(owners, "")) {
                return true;
            }
            return isNobodys(key);
        }

        private static String text(StoreException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
