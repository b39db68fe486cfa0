package io.tiphys.uploader.session;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.HeldPart;
import io.tiphys.artifacts.ArtifactStore.SignedRequest;
import io.tiphys.artifacts.ArtifactStore.StoredPart;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.PartSizes;
import io.tiphys.transfer.Refusal;
import io.tiphys.transfer.Uploads;
import io.tiphys.uploader.session.UploadSession.Owner;
import io.tiphys.uploader.stream.Places;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The life of an upload: begun or taken up again, signed part by part, completed and compared. Every step may be repeated; a step that was
 * done but whose answer got lost is found done.
 */
public final class Uploading {
    private static final Logger LOG = Logger.getLogger(Uploading.class);
    private static final int MOST_URLS = 100;
    private static final int SWEPT_AT_A_TIME = 100;

    /** How uploads are cut and signed. */
    public record Plan(Duration urlValidity, long partSizeBytes) {
        long partSizeFor(@Nullable Long sizeBytes) {
            return sizeBytes == null ? PartSizes.STREAM_BYTES : PartSizes.ofFile(sizeBytes, partSizeBytes);
        }
    }

    private final Places places;
    private final UploadSessions sessions;
    private final Plan plan;

    public Uploading(Places places, UploadSessions sessions, Plan plan) {
        this.places = places;
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
                var resumed = resume(capability, session, start);
                if (resumed.isPresent()) {
                    return resumed.get();
                }
            }
            discard(session);
        }
        return begin(capability, owner, location, start);
    }

    /** Empty if what the session says is no longer so: somebody has deleted the object, or aborted the upload. */
    private Optional<Uploads.Session> resume(Capability capability, UploadSession session, Uploads.Start start)
            throws StoreException {
        var id = session.id().toString();
        if (session.completed() != null) {
            return stillThere(session, session.completed())
                    ? Optional.of(new Uploads.Session(id, null, 0, List.of(), session.completed()))
                    : Optional.empty();
        }
        if (session.uploadId() == null) {
            return Optional.of(new Uploads.Session(id, signWhole(capability, session, start), 0, List.of(), null));
        }
        return held(session, session.uploadId())
                .map(held -> new Uploads.Session(
                        id,
                        null,
                        session.partSizeBytes(),
                        sessions.parts(session.id()).stream()
                                .filter(part -> sameEtag(part.etag(), held.get(part.number())))
                                .toList(),
                        null));
    }

    /** The parts that the store has: number → ETag; empty if it doesn't know the upload. */
    private Optional<Map<Integer, String>> held(UploadSession session, String uploadId) throws StoreException {
        try {
            return Optional.of(store(session).parts(session.objectKey(), uploadId).stream()
                    .collect(Collectors.toMap(HeldPart::number, HeldPart::etag, (_, last) -> last)));
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private boolean stillThere(UploadSession session, Uploads.Completed completed) throws StoreException {
        return store(session)
                .head(session.objectKey())
                .filter(object -> hasSize(object, completed.sizeBytes()) && sameEtag(completed.etag(), object.etag()))
                .isPresent();
    }

    private static boolean sameEtag(String known, @Nullable String seen) {
        return seen != null && known.replace("\"", "").equalsIgnoreCase(seen.replace("\"", ""));
    }

    private Uploads.Session begin(Capability capability, Owner owner, Map<String, Object> location, Uploads.Start start)
            throws StoreException, RefusedException {
        var located = places.write(capability, owner.artifact(), location);
        var key = start.relativePath().isEmpty()
                ? located.key()
                : located.key().replaceFirst("/+$", "") + "/" + start.relativePath();
        ObjectKeys.check(start.artifact(), key);
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
                inParts ? null : signWhole(capability, session, start),
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
        for (var done : parts.done()) {
            checkNumber(done.number());
        }
        sessions.addParts(id, parts.done());
        var store = signing(capability, session);
        var urls = new ArrayList<Uploads.PartUrl>();
        for (var wanted : parts.wanted()) {
            checkNumber(wanted.number());
            urls.add(new Uploads.PartUrl(
                    wanted.number(),
                    put(store.signPart(
                            session.objectKey(), uploadId, wanted.number(), wanted.md5(), plan.urlValidity()))));
        }
        return new Uploads.PartUrls(urls);
    }

    private static void checkNumber(int number) throws RefusedException {
        if (number < 1 || number > PartSizes.MOST_PARTS) {
            throw new RefusedException(
                    400, Refusal.INVALID, "part number " + number + " is not within 1 and " + PartSizes.MOST_PARTS);
        }
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
        var object = stored.filter(o -> hasSize(o, complete.sizeBytes())
                        && (o.crc64() == null || o.crc64().equals(complete.crc64())))
                .orElse(null);
        if (object == null) {
            if (session.uploadId() != null
                    && stored.isPresent()
                    && store.abilities().contains(ArtifactStore.Ability.DELETE)) {
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
        var completed = new Uploads.Completed(complete.sizeBytes(), object.etag(), complete.crc64());
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

    /** What a sweep has done. */
    public record Swept(int aborted, int failed) {}

    /** Aborts what nobody has touched for long. What can't be aborted now is tried again with a later sweep, and keeps no other from it. */
    public Swept sweep(Duration abandonedAfter, Duration finishedKept) {
        int aborted = 0;
        int failed = 0;
        for (var taken = takeAbandoned(abandonedAfter); !taken.isEmpty(); taken = takeAbandoned(abandonedAfter)) {
            for (var session : taken) {
                try {
                    abort(store(session), session);
                    sessions.remove(session.id());
                    aborted++;
                } catch (StoreException e) {
                    LOG.warnf(
                            "the abandoned upload of artifact %s in %s is aborted later: %s",
                            session.owner().artifact(), session.namespace(), e.getMessage());
                    failed++;
                }
            }
        }
        sessions.forgetFinished(finishedKept);
        return new Swept(aborted, failed);
    }

    private List<UploadSession> takeAbandoned(Duration abandonedAfter) {
        return sessions.takeAbandoned(abandonedAfter, SWEPT_AT_A_TIME);
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

    private Uploads.Put signWhole(Capability capability, UploadSession session, Uploads.Start start)
            throws StoreException {
        return put(signing(capability, session)
                .signPut(
                        session.objectKey(),
                        Objects.requireNonNull(start.md5()),
                        start.contentType(),
                        plan.urlValidity()));
    }

    private static Uploads.Put put(SignedRequest signed) {
        return new Uploads.Put(signed.url(), signed.headers());
    }

    /** Some stores tell no sizes; what goes there was counted on its way. */
    private static boolean hasSize(StoredObject object, long sizeBytes) {
        return object.sizeBytes() < 0 || object.sizeBytes() == sizeBytes;
    }

    private ArtifactStore store(UploadSession session) throws StoreException {
        return places.upload(session.namespace(), session.location());
    }

    private ArtifactStore signing(Capability capability, UploadSession session) throws StoreException {
        return places.write(capability, session.owner().artifact(), session.location())
                .store();
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
        ObjectKeys.checkRelative(start.artifact(), start.relativePath());
        var size = start.sizeBytes();
        if (size != null && (size < 0 || size > PartSizes.LARGEST_OBJECT_BYTES)) {
            throw new RefusedException(
                    400,
                    Refusal.INVALID,
                    "sizeBytes of artifact \"" + start.artifact() + "\" is " + size + "; it must be within 0 and "
                            + PartSizes.LARGEST_OBJECT_BYTES);
        }
        return location;
    }
}
