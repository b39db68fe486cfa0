package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.storage.Bucket;
import io.tiphys.local.objectstore.storage.Storage;
import io.tiphys.local.objectstore.storage.StoredObject;
import io.tiphys.local.objectstore.storage.Upload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;

/** Does what the buckets' lifecycle rules ask for. */
public final class LifecycleSweep {
    private final Storage storage;
    private final Clock clock;

    public LifecycleSweep(Storage storage, Clock clock) {
        this.storage = storage;
        this.clock = clock;
    }

    /** Deletes what has expired by now; returns how many objects and uploads that were. */
    public int run() throws IOException {
        int gone = 0;
        for (Bucket bucket : storage.buckets()) {
            String document = bucket.lifecycle();
            if (document != null) {
                for (LifecycleRule rule : LifecycleRule.parseAll(document.getBytes(StandardCharsets.UTF_8))) {
                    gone += rule.enabled() ? apply(rule, bucket) : 0;
                }
            }
        }
        return gone;
    }

    private int apply(LifecycleRule rule, Bucket bucket) throws IOException {
        int gone = 0;
        Instant now = clock.instant();
        for (StoredObject object : bucket.objects().tailMap(rule.prefix()).values()) {
            if (!object.key().startsWith(rule.prefix())) {
                break;
            }
            Instant modified = Instant.ofEpochMilli(object.modified());
            boolean old = rule.expireAfter() != null
                    && !modified.plus(rule.expireAfter()).isAfter(now);
            boolean before = rule.expireBefore() != null
                    && modified.isBefore(rule.expireBefore())
                    && now.isAfter(rule.expireBefore());
            gone += (old || before) && storage.delete(bucket.name(), object.key()) ? 1 : 0;
        }
        if (rule.abortAfter() != null) {
            for (Upload upload : storage.uploads(bucket.name()).toList()) {
                boolean old = !Instant.ofEpochMilli(upload.initiated())
                        .plus(rule.abortAfter())
                        .isAfter(now);
                gone += old && upload.key().startsWith(rule.prefix()) && storage.abortUpload(upload.id()) ? 1 : 0;
            }
        }
        return gone;
    }
}
