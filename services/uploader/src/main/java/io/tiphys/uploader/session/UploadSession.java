package io.tiphys.uploader.session;

import io.tiphys.transfer.Uploads;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An upload that has begun.
 *
 * @param location Argo artifact location, JSON
 * @param objectKey the location's key, plus the relative path for a file of a directory
 * @param uploadId of a multipart upload; absent for an object sent at once
 * @param completed what was stored; absent while it is open
 */
public record UploadSession(
        UUID id,
        Owner owner,
        String namespace,
        String fingerprint,
        Map<String, Object> location,
        String objectKey,
        @Nullable String uploadId,
        long partSizeBytes,
        Uploads.@Nullable Completed completed) {

    /** Whose upload it is, and of what; there is one session at most for each. */
    public record Owner(String workflowUid, String pod, String artifact, String relativePath) {}
}
