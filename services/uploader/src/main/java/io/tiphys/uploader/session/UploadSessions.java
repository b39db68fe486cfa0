package io.tiphys.uploader.session;

import io.tiphys.transfer.Uploads;
import io.tiphys.uploader.session.UploadSession.Owner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Keeps upload sessions. Every call is a transaction of its own; several uploaders may share them. */
public interface UploadSessions {
    Optional<UploadSession> find(Owner owner);

    Optional<UploadSession> find(UUID id);

    /**
     * Keeps a new session.
     *
     * @return {@code false} if another one for the same owner was faster
     */
    boolean add(UploadSession session);

    /** The parts in the order of their numbers. */
    List<Uploads.Part> parts(UUID id);

    /** Remembers parts, also again, and that the session is in use. */
    void addParts(UUID id, List<Uploads.Part> parts);

    void complete(UUID id, Uploads.Completed completed);

    void remove(UUID id);

    /** Sessions that are open and untouched for {@code idle}; they count as touched then, so that nobody else gets them for now. */
    List<UploadSession> takeAbandoned(Duration idle, int limit);

    /** Forgets finished ones. */
    int forgetFinished(Duration age);
}
