package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One watch: changes after a resource version as lines of JSON, sent as they happen. An object that stops matching the
 * selection is reported as deleted, one that starts to as added. The stream ends after {@code timeoutSeconds}, when the
 * client goes, when the server stops, or with an error event 410 when the client has fallen behind the history.
 */
final class WatchStream {
    private static final long BOOKMARK_EVERY_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final byte[] OBJECT = "\",\"object\":".getBytes(StandardCharsets.UTF_8);
    private static final byte[] END = "}\n".getBytes(StandardCharsets.UTF_8);

    private final Store store;
    private final Listing.Selection selection;
    private final boolean asTable;
    private final boolean asMetadata;
    private final boolean bookmarks;
    private final boolean initialEvents;
    private final long timeoutSeconds;
    private final long startRevision;

    WatchStream(Store store, Listing.Selection selection, Request request) {
        this.store = store;
        this.selection = selection;
        this.asTable = request.wantsTable();
        this.asMetadata = !asTable && request.wantsMetadataOnly();
        this.bookmarks = request.flag("allowWatchBookmarks");
        this.initialEvents = request.flag("sendInitialEvents");
        long random = ThreadLocalRandom.current().nextLong(1800, 3600);
        this.timeoutSeconds = Math.max(1, request.number("timeoutSeconds", random));
        this.startRevision = request.number("resourceVersion", 0);
    }

    void serve(Request request) throws IOException, InterruptedException {
        try (OutputStream out = new BufferedOutputStream(request.stream(200, "application/json"), 1 << 15)) {
            Store.Snapshot snapshot = store.snapshot(selection.type());
            long revision = startRevision;
            if (initialEvents || startRevision == 0) {
                for (StoredObject object : snapshot.objects().after(selection.namespace(), null)) {
                    if (selection.matches(object)) {
                        send(out, "ADDED", object);
                    }
                }
                revision = snapshot.revision();
                if (initialEvents) {
                    bookmark(out, revision, true);
                }
            }
            if (startRevision > snapshot.revision()) {
                // From another life of this server, whose state is gone.
                end(out, ApiException.expired(startRevision, snapshot.revision()));
                return;
            }
            out.flush();
            follow(out, snapshot.objects(), revision);
        }
    }

    private void follow(OutputStream out, TypeStore objects, long from) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
        long revision = from;
        while (!objects.isClosed()) {
            long remaining = deadline - System.nanoTime();
            if (remaining <= 0) {
                return;
            }
            List<Change> changes;
            try {
                changes = objects.changesAfter(revision, Math.min(remaining, BOOKMARK_EVERY_NANOS));
            } catch (ApiException gone) {
                end(out, gone);
                return;
            }
            for (Change change : changes) {
                send(out, change);
                revision = change.resourceVersion();
            }
            if (changes.isEmpty() && bookmarks) {
                revision = Math.max(revision, idleRevision(objects, revision));
                bookmark(out, revision, false);
            }
            out.flush();
        }
    }

    private static void end(OutputStream out, ApiException why) throws IOException {
        event(out, "ERROR", Json.encode(why.toStatus()));
        out.flush();
    }

    /** Other types moved on meanwhile; an idle watcher learns it, so that its version doesn't grow old. */
    private long idleRevision(TypeStore objects, long revision) throws InterruptedException {
        long current = store.snapshot(selection.type()).revision();
        return objects.changesAfter(revision, 0).isEmpty() ? current : revision;
    }

    private void send(OutputStream out, Change change) throws IOException {
        StoredObject previous = change.previous();
        boolean matched = previous != null && selection.matches(previous);
        boolean matches = change.kind() != Change.Kind.DELETED && selection.matches(change.object());
        if (matched && matches) {
            send(out, "MODIFIED", change.object());
        } else if (matches) {
            send(out, "ADDED", change.object());
        } else if (matched) {
            send(out, "DELETED", change.object());
        }
    }

    private void send(OutputStream out, String kind, StoredObject object) throws IOException {
        byte[] json = asMetadata ? object.metadataOnly() : object.json();
        if (asTable) {
            ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(object.resourceVersion()));
            json = Json.encode(Tables.render(selection.type(), List.of(object), metadata, "Metadata"));
        }
        event(out, kind, json);
    }

    private void bookmark(OutputStream out, long revision, boolean endOfInitialEvents) throws IOException {
        ObjectNode object = Json.object()
                .put(
                        "kind",
                        asMetadata ? "PartialObjectMetadata" : selection.type().kind())
                .put(
                        "apiVersion",
                        asMetadata ? "meta.k8s.io/v1" : selection.type().apiVersion());
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(revision));
        metadata.putNull("creationTimestamp");
        if (endOfInitialEvents) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        event(out, "BOOKMARK", Json.encode(object));
    }

    /** In ASCII: Fabric8's client, where it watches without a WebSocket, takes other characters for fewer than they have bytes, and finds zeros in their place. */
    private static void event(OutputStream out, String kind, byte[] object) throws IOException {
        out.write(("{\"type\":\"" + kind).getBytes(StandardCharsets.UTF_8));
        out.write(OBJECT);
        out.write(Json.ascii(object));
        out.write(END);
    }
}
