package io.tiphys.local.objectstore.storage;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A fact about the store, one line of its journal. Replaying all of them gives the index. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Change.BucketCreated.class, name = "bucket-created"),
    @JsonSubTypes.Type(value = Change.BucketDeleted.class, name = "bucket-deleted"),
    @JsonSubTypes.Type(value = Change.LifecycleSet.class, name = "lifecycle-set"),
    @JsonSubTypes.Type(value = Change.ObjectPut.class, name = "object-put"),
    @JsonSubTypes.Type(value = Change.ObjectDeleted.class, name = "object-deleted"),
    @JsonSubTypes.Type(value = Change.UploadStarted.class, name = "upload-started"),
    @JsonSubTypes.Type(value = Change.PartPut.class, name = "part-put"),
    @JsonSubTypes.Type(value = Change.UploadCompleted.class, name = "upload-completed"),
    @JsonSubTypes.Type(value = Change.UploadAborted.class, name = "upload-aborted")
})
sealed interface Change {
    record BucketCreated(String bucket, long at) implements Change {}

    record BucketDeleted(String bucket) implements Change {}

    record LifecycleSet(String bucket, @Nullable String document) implements Change {}

    record ObjectPut(String bucket, StoredObject object) implements Change {}

    record ObjectDeleted(String bucket, String key) implements Change {}

    record UploadStarted(String id, String bucket, String key, long at, Map<String, String> headers)
            implements Change {}

    record PartPut(String uploadId, Part part) implements Change {}

    record UploadCompleted(String uploadId, StoredObject object) implements Change {}

    record UploadAborted(String uploadId) implements Change {}
}
