package io.tiphys.local.apiserver;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Deletes Events that nobody will read any more, as a real API server does after an hour. */
final class EventExpiry implements AutoCloseable {
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration EVERY = Duration.ofMinutes(1);

    private final Store store;
    private final ResourceTypes types;
    private final Resources resources;
    private final Thread sweeper =
            Thread.ofVirtual().name("api-server-event-expiry").unstarted(this::run);

    EventExpiry(Store store, ResourceTypes types, Resources resources) {
        this.store = store;
        this.types = types;
        this.resources = resources;
    }

    void start() {
        sweeper.start();
    }

    private void run() {
        try {
            while (true) {
                Thread.sleep(EVERY);
                sweep(Instant.now().minus(KEPT));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweep(Instant oldest) {
        List<StoredObject> expired = new ArrayList<>();
        for (StoredObject event : store.objects(types.events()).all()) {
            if (lastSeen(event).isBefore(oldest)) {
                expired.add(event);
            }
        }
        for (StoredObject event : expired) {
            try {
                resources.delete(event.type(), event.namespace(), event.name(), DeleteOptions.BACKGROUND);
            } catch (ApiException e) {
                if (e.code() != 404) {
                    throw e;
                }
            }
        }
    }

    private static Instant lastSeen(StoredObject event) {
        var node = event.toNode();
        String created = Json.text("", node, "metadata", "creationTimestamp");
        try {
            return Instant.parse(Json.text(created, node, "lastTimestamp"));
        } catch (DateTimeParseException _) {
            return Instant.EPOCH;
        }
    }

    @Override
    public void close() {
        sweeper.interrupt();
    }
}
