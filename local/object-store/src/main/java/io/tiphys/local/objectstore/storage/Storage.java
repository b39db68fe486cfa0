package io.tiphys.local.objectstore.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Buckets, objects and uploads in a folder: {@code journal.jsonl} (the index, replayed at start) and {@code blobs/} (the content).
 * Keys appear only in the journal, so no key can name a file. A change is there for everybody once its journal line is written; a crash
 * before that leaves nothing but content that the next start removes. Safe for many threads; content is received outside the lock.
 */
public final class Storage implements AutoCloseable {
    private final Index index = new Index();
    private final BlobFolder blobs;
    private final Journal journal;
    private final ReentrantLock lock = new ReentrantLock();

    private Storage(BlobFolder blobs, Path journalFile) throws IOException {
        this.blobs = blobs;
        Journal.replay(journalFile, index::apply);
        this.journal = Journal.rewrite(journalFile, index.snapshot());
        blobs.retainOnly(index.blobs());
    }

    public static Storage open(Path dir) throws IOException {
        Files.createDirectories(dir);
        return new Storage(new BlobFolder(dir.resolve("blobs")), dir.resolve("journal.jsonl"));
    }

    public Collection<Bucket> buckets() {
        return index.buckets.values();
    }

    public @Nullable Bucket bucket(String name) {
        return index.buckets.get(name);
    }

    public void createBucket(String name, long at) throws IOException {
        commit(new Change.BucketCreated(name, at));
    }

    /** False when the bucket isn't empty. */
    public boolean deleteBucket(String name) throws IOException {
        lock.lock();
        try {
            Bucket bucket = index.buckets.get(name);
            if (bucket != null) {
                if (!bucket.objects().isEmpty() || uploads(name).findAny().isPresent()) {
                    return false;
                }
                commit(new Change.BucketDeleted(name));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    public void setLifecycle(String bucket, @Nullable String document) throws IOException {
        commit(new Change.LifecycleSet(bucket, document));
    }

    /** Stores bytes that no entry refers to yet: follow with {@link #put}, {@link #putPart} or {@link #discard}. */
    public Content receive(InputStream stream) throws IOException {
        return blobs.receive(stream);
    }

    public void discard(Content content) {
        blobs.delete(content.blobs().stream().map(Blob::id).toList());
    }

    /**
     * Makes an object appear, in place of the old one.
     *
     * @return false, and nothing changes, when it was to be a new one but the key is taken
     */
    public boolean put(String bucket, StoredObject object, boolean onlyIfAbsent) throws IOException {
        lock.lock();
        try {
            Bucket target = index.buckets.get(bucket);
            if (target == null || (onlyIfAbsent && target.objects().containsKey(object.key()))) {
                return false;
            }
            commit(new Change.ObjectPut(bucket, object));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** False when there was none. */
    public boolean delete(String bucket, String key) throws IOException {
        lock.lock();
        try {
            Bucket target = index.buckets.get(bucket);
            if (target == null || !target.objects().containsKey(key)) {
                return false;
            }
            commit(new Change.ObjectDeleted(bucket, key));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** An object whose content stays until the pin is closed, whatever happens to the key meanwhile. */
    public @Nullable Pin pin(String bucket, String key) {
        lock.lock();
        try {
            Bucket source = index.buckets.get(bucket);
            StoredObject object = source == null ? null : source.objects().get(key);
            if (object == null) {
                return null;
            }
            object.blobs().forEach(blob -> index.retain(blob.id()));
            return new Pin(this, object);
        } finally {
            lock.unlock();
        }
    }

    void unpin(StoredObject object) {
        List<String> freed = new ArrayList<>();
        lock.lock();
        try {
            object.blobs().forEach(blob -> index.release(blob.id(), freed));
        } finally {
            lock.unlock();
        }
        blobs.delete(freed);
    }

    Path file(Blob blob) {
        return blobs.file(blob.id());
    }

    public Upload startUpload(String bucket, String key, long at, Map<String, String> headers) throws IOException {
        String id = UUID.randomUUID().toString().replace("-", "").toUpperCase(Locale.ROOT);
        commit(new Change.UploadStarted(id, bucket, key, at, headers));
        Upload upload = index.uploads.get(id);
        return upload == null
                ? new Upload(id, bucket, key, at, headers, new java.util.concurrent.ConcurrentSkipListMap<>())
                : upload;
    }

    public @Nullable Upload upload(String id) {
        return index.uploads.get(id);
    }

    /** The uploads of a bucket, by key and then by id. */
    public java.util.stream.Stream<Upload> uploads(String bucket) {
        return index.uploads.values().stream()
                .filter(upload -> upload.bucket().equals(bucket))
                .sorted(java.util.Comparator.comparing(Upload::key, Keys.ORDER).thenComparing(Upload::id));
    }

    /** False when the upload has ended meanwhile; the content is then gone. */
    public boolean putPart(String uploadId, Part part) throws IOException {
        lock.lock();
        try {
            if (index.uploads.containsKey(uploadId)) {
                commit(new Change.PartPut(uploadId, part));
                return true;
            }
        } finally {
            lock.unlock();
        }
        blobs.delete(List.of(part.blob().id()));
        return false;
    }

    /** Makes the object of an upload appear and ends the upload; false when it had ended already. Copies nothing. */
    public boolean completeUpload(String uploadId, StoredObject object) throws IOException {
        lock.lock();
        try {
            if (!index.uploads.containsKey(uploadId)) {
                return false;
            }
            commit(new Change.UploadCompleted(uploadId, object));
            return true;
        } finally {
            lock.unlock();
        }
    }

    public boolean abortUpload(String uploadId) throws IOException {
        lock.lock();
        try {
            if (!index.uploads.containsKey(uploadId)) {
                return false;
            }
            commit(new Change.UploadAborted(uploadId));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void commit(Change change) throws IOException {
        lock.lock();
        try {
            journal.append(change);
            blobs.delete(index.apply(change));
        } finally {
            lock.unlock();
        }
    }

    /** Upper-case hex, as OSS writes ETags. */
    public static String hex(byte[] digest) {
        return HexFormat.of().withUpperCase().formatHex(digest);
    }

    /** The ETag of an object made of parts: the digest of their digests. */
    public static String etagOfParts(List<Part> parts) {
        var md5 = BlobFolder.md5();
        parts.forEach(part -> md5.update(HexFormat.of().parseHex(part.etag())));
        return hex(md5.digest()) + "-" + parts.size();
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            journal.close();
        } finally {
            lock.unlock();
        }
    }
}
