package io.tiphys.uploader.session;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.SignedRequest;
import io.tiphys.artifacts.ArtifactStore.StoredPart;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.Stores;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.Refusal;
import io.tiphys.transfer.Uploads;
import io.tiphys.uploader.session.UploadSession.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The life of an upload: begun or taken up again, signed part by part, completed and compared. Every step may be repeated; a step that was
 * done but whose answer got lost is found done.
 */
public final class Uploading {
    private static final long MEBIBYTE = 1024 * 1024;
    private static final long MOST_PARTS = 10_000;
    private static final int MOST_URLS = 100;

    /** How uploads are cut and signed; the part size of streams matches the executor's buffers. */
    public record Plan(Duration urlValidity, long partSizeBytes, long streamPartSizeBytes) {
        public Plan(Duration urlValidity, long partSizeBytes) {
            this(urlValidity, partSizeBytes, 8 * MEBIBYTE);
        }

        long partSizeFor(@Nullable Long sizeBytes) {
            if (sizeBytes == null) {
                return streamPartSizeBytes;
            }
            long smallest = (sizeBytes + MOST_PARTS - 1) / MOST_PARTS;
            return Math.max(partSizeBytes, (smallest + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE);
        }
    }

    private final Stores stores;
    private final UploadSessions sessions;
    private final Plan plan;

    public Uploading(Stores stores, UploadSessions sessions, Plan plan) {
        this.stores = stores;
        this.sessions = sessions;
        this.plan = plan;
    }

    public Uploads.Session start(Capability capability, Uploads.Start start) throws RefusedException, StoreException {
        var location = location(capability, start);
        var owner = new Owner(capability.workflowUid(), capability.pod(), start.artifact(), start.relativePath());
        var existing = sessions.find(owner);
        if (existing.isPresent()) {
            var session = existing.get();
            if (session.fingerprint().equals(start.fingerprint())
                    && (session.uploadId() == null) == (start.md5() != null)) {
                return resume(session, start);
            }
            discard(session);
        }
        return begin(capability, owner, location, start);
    }

    private Uploads.Session resume(UploadSession session, Uploads.Start start) throws StoreException {
        var id = session.id().toString();
        if (session.completed() != null && stillThere(session)) {
            return new Uploads.Session(id, null, 0, List.of(), session.completed());
        }
        if (session.uploadId() == null) {
            return new Uploads.Session(id, signWhole(session, start), 0, List.of(), null);
        }
        return new Uploads.Session(id, null, session.partSizeBytes(), sessions.parts(session.id()), null);
    }

    private boolean stillThere(UploadSession session) throws StoreException {
        var completed = Objects.requireNonNull(session.completed());
        return store(session)
                .head(session.objectKey())
                .filter(object -> object.sizeBytes() == completed.sizeBytes())
                .isPresent();
    }

    private Uploads.Session begin(Capability capability, Owner owner, Map<String, Object> location, Uploads.Start start)
            throws StoreException, RefusedException {
        var located = stores.locate(capability.namespace(), location);
        var key = start.relativePath().isEmpty()
                ? located.key()
                : located.key().replaceFirst("/+$", "") + "/" + start.relativePath();
        located.store().prepare(key);
        boolean inParts = start.md5() == null;
        var uploadId = inParts ? located.store().beginMultipart(key, start.contentType()) : null;
        var session = new UploadSession(
                UUID.randomUUID(),
                owner,
                capability.namespace(),
                start.fingerprint(),
                location,
                key,
                uploadId,
                inParts ? plan.partSizeFor(start.sizeBytes()) : 0,
                null);
        if (!sessions.add(session)) {
            abort(located.store(), session);
            throw new RefusedException(
                    503, Refusal.UNAVAILABLE, "another upload of \"" + owner.artifact() + "\" began at the same time");
        }
        return new Uploads.Session(
                session.id().toString(),
                inParts ? null : signWhole(session, start),
                session.partSizeBytes(),
                List.of(),
                null);
    }

    public Uploads.PartUrls parts(Capability capability, UUID id, Uploads.Parts parts)
            throws RefusedException, StoreException {
        var session = session(capability, id);
        var uploadId = session.uploadId();
        if (uploadId == null || session.completed() != null) {
            throw new RefusedException(400, Refusal.INVALID, "the upload " + id + " takes no parts");
        }
        if (parts.wanted().size() > MOST_URLS) {
            throw new RefusedException(400, Refusal.INVALID, "wanted: at most " + MOST_URLS + " parts at a time");
        }
        sessions.addParts(id, parts.done());
        var store = store(session);
        var urls = new ArrayList<Uploads.PartUrl>();
        for (var wanted : parts.wanted()) {
            if (wanted.number() < 1 || wanted.number() > MOST_PARTS) {
                throw new RefusedException(
                        400, Refusal.INVALID, "part number " + wanted.number() + " is not within 1 and " + MOST_PARTS);
            }
            urls.add(new Uploads.PartUrl(
                    wanted.number(),
                    put(store.signPart(
                            session.objectKey(), uploadId, wanted.number(), wanted.md5(), plan.urlValidity()))));
        }
        return new Uploads.PartUrls(urls);
    }

    /** What a completed upload stored, and where. */
    public record Finished(
            Uploads.Completed completed, String artifact, Map<String, Object> location, boolean firstTime) {}

    public Finished complete(Capability capability, UUID id, Uploads.Complete complete)
            throws RefusedException, StoreException {
        var session = session(capability, id);
        if (session.completed() != null) {
            return finished(session, session.completed(), false);
        }
        var store = store(session);
        var stored = session.uploadId() == null
                ? store.head(session.objectKey())
                : putTogether(store, session, session.uploadId(), complete);
        var object = stored.filter(o -> o.sizeBytes() == complete.sizeBytes()
                        && (o.crc64() == null || o.crc64().equals(complete.crc64())))
                .orElse(null);
        if (object == null) {
            if (session.uploadId() != null && stored.isPresent()) {
                store.delete(List.of(session.objectKey()));
            }
            sessions.remove(id);
            throw new RefusedException(
                    409,
                    Refusal.CHECKSUM_MISMATCH,
                    "what object storage has of \"" + session.owner().artifact() + "\" is not what was sent: "
                            + stored.map(o -> o.sizeBytes() + " bytes, CRC64 " + o.crc64())
                                    .orElse("nothing") + " instead of "
                            + complete.sizeBytes() + " bytes, CRC64 " + complete.crc64());
        }
        var completed = new Uploads.Completed(object.sizeBytes(), object.etag(), complete.crc64());
        sessions.complete(id, completed);
        return finished(session, completed, true);
    }

    private static Finished finished(UploadSession session, Uploads.Completed completed, boolean firstTime) {
        return new Finished(completed, session.owner().artifact(), session.location(), firstTime);
    }

    private Optional<StoredObject> putTogether(
            ArtifactStore store, UploadSession session, String uploadId, Uploads.Complete complete)
            throws StoreException {
        var parts = new ArrayList<StoredPart>();
        long size = 0;
        for (var part : sessions.parts(session.id())) {
            if (size < complete.sizeBytes()) { // what comes behind is of an earlier, longer attempt
                parts.add(new StoredPart(part.number(), part.etag()));
                size += part.sizeBytes();
            }
        }
        try {
            return Optional.of(store.completeMultipart(session.objectKey(), uploadId, parts, complete.crc64()));
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return store.head(session.objectKey()); // done before, and the answer got lost
            }
            throw e;
        }
    }

    public void abort(Capability capability, UUID id) throws RefusedException, StoreException {
        discard(session(capability, id));
    }

    /** Aborts what nobody has touched for long; returns how many. */
    public int sweep(Duration abandonedAfter, Duration finishedKept) throws StoreException {
        int count = 0;
        for (var session : sessions.takeAbandoned(abandonedAfter, 100)) {
            abort(store(session), session);
            count++;
        }
        sessions.forgetFinished(finishedKept);
        return count;
    }

    private void discard(UploadSession session) throws StoreException {
        if (session.completed() == null) {
            abort(store(session), session);
        }
        sessions.remove(session.id());
    }

    private static void abort(ArtifactStore store, UploadSession session) throws StoreException {
        if (session.uploadId() != null) {
            store.abortMultipart(session.objectKey(), session.uploadId());
        }
    }

    private Uploads.Put signWhole(UploadSession session, Uploads.Start start) throws StoreException {
        return put(store(session)
                .signPut(
                        session.objectKey(),
                        Objects.requireNonNull(start.md5()),
                        start.contentType(),
                        plan.urlValidity()));
    }

    private static Uploads.Put put(SignedRequest signed) {
        return new Uploads.Put(signed.url(), signed.headers());
    }

    private ArtifactStore store(UploadSession session) throws StoreException {
        return stores.locate(session.namespace(), session.location()).store();
    }

    private UploadSession session(Capability capability, UUID id) throws RefusedException {
        return sessions.find(id)
                .filter(session -> session.owner().workflowUid().equals(capability.workflowUid())
                        && session.owner().pod().equals(capability.pod()))
                .orElseThrow(() ->
                        new RefusedException(404, Refusal.NOT_FOUND, "there is no upload " + id + " of this pod"));
    }

    private static Map<String, Object> location(Capability capability, Uploads.Start start) throws RefusedException {
        var location = capability.write().get(start.artifact());
        if (location == null) {
            throw new RefusedException(
                    403, Refusal.FORBIDDEN, "this pod may not write an artifact \"" + start.artifact() + "\"");
        }
        var path = start.relativePath();
        if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
            throw new RefusedException(
                    400, Refusal.INVALID, "relativePath \"" + path + "\" must be relative and have no \"..\"");
        }
        return location;
    }
}
