package io.tiphys.local.objectstore.storage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What the store holds, in memory. Changed only by {@link #apply}, under the lock of {@link Storage}. */
final class Index {
    final ConcurrentSkipListMap<String, Bucket> buckets = new ConcurrentSkipListMap<>();
    final ConcurrentSkipListMap<String, Upload> uploads = new ConcurrentSkipListMap<>();
    private final Map<String, Integer> references = new HashMap<>();

    /** Applies one fact; total and unconditional. Returns the blobs that nothing refers to any more. */
    List<String> apply(Change change) {
        List<String> freed = new ArrayList<>();
        switch (change) {
            case Change.BucketCreated(String name, long at) -> buckets.putIfAbsent(name, new Bucket(name, at));
            case Change.BucketDeleted(String name) -> buckets.remove(name);
            case Change.LifecycleSet(String name, @Nullable String document) ->
                bucket(name).setLifecycle(document);
            case Change.ObjectPut(String name, StoredObject object) -> put(name, object, freed);
            case Change.ObjectDeleted(String name, String key) -> {
                StoredObject old = bucket(name).objects().remove(key);
                if (old != null) {
                    old.blobs().forEach(blob -> release(blob.id(), freed));
                }
            }
            case Change.UploadStarted(String id, String name, String key, long at, Map<String, String> headers) ->
                uploads.put(id, new Upload(id, name, key, at, headers, new ConcurrentSkipListMap<>()));
            case Change.PartPut(String id, Part part) -> {
                retain(part.blob().id());
                Upload upload = uploads.get(id);
                Part old = upload == null ? part : upload.parts().put(part.number(), part);
                if (old != null) {
                    release(old.blob().id(), freed);
                }
            }
            case Change.UploadCompleted(String id, StoredObject object) -> {
                Upload upload = uploads.get(id);
                if (upload != null) {
                    put(upload.bucket(), object, freed);
                    end(id, freed);
                }
            }
            case Change.UploadAborted(String id) -> end(id, freed);
        }
        return freed;
    }

    private void put(String bucket, StoredObject object, List<String> freed) {
        object.blobs().forEach(blob -> retain(blob.id()));
        StoredObject old = bucket(bucket).objects().put(object.key(), object);
        if (old != null) {
            old.blobs().forEach(blob -> release(blob.id(), freed));
        }
    }

    private void end(String uploadId, List<String> freed) {
        Upload upload = uploads.remove(uploadId);
        if (upload != null) {
            upload.parts().values().forEach(part -> release(part.blob().id(), freed));
        }
    }

    private Bucket bucket(String name) {
        Bucket bucket = buckets.get(name);
        if (bucket == null) {
            throw new IllegalStateException("the journal speaks of bucket " + name + ", which doesn't exist");
        }
        return bucket;
    }

    void retain(String blob) {
        references.merge(blob, 1, Integer::sum);
    }

    void release(String blob, List<String> freed) {
        if (references.merge(blob, -1, Integer::sum) <= 0) {
            references.remove(blob);
            freed.add(blob);
        }
    }

    Set<String> blobs() {
        return references.keySet();
    }

    /** The shortest list of facts that gives this index. */
    List<Change> snapshot() {
        List<Change> changes = new ArrayList<>();
        for (Bucket bucket : buckets.values()) {
            changes.add(new Change.BucketCreated(bucket.name(), bucket.created()));
            if (bucket.lifecycle() != null) {
                changes.add(new Change.LifecycleSet(bucket.name(), bucket.lifecycle()));
            }
            bucket.objects().values().forEach(object -> changes.add(new Change.ObjectPut(bucket.name(), object)));
        }
        for (Upload upload : uploads.values()) {
            changes.add(new Change.UploadStarted(
                    upload.id(), upload.bucket(), upload.key(), upload.initiated(), upload.headers()));
            upload.parts().values().forEach(part -> changes.add(new Change.PartPut(upload.id(), part)));
        }
        return changes;
    }
}
