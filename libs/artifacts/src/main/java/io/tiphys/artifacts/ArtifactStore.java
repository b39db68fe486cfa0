package io.tiphys.artifacts;

import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One bucket of object storage, spoken to with one identity. Keys have no leading slash. Calls block (use a virtual thread), repeat nothing
 * themselves beyond what a driver's SDK does, and may come from many threads. Sums: CRC64 as unsigned decimal, MD5 in Base64.
 */
public interface ArtifactStore {

    /** Makes the bucket if it isn't there. */
    void ensureBucket() throws StoreException;

    Optional<StoredObject> head(String key) throws StoreException;

    /** The whole object; the stream must be closed, and closing it early is cheap. */
    InputStream read(String key) throws StoreException;

    /** The bytes {@code from} to {@code to}, both inclusive. */
    InputStream read(String key, long from, long to) throws StoreException;

    /** Stores an object of known length in one request. */
    StoredObject put(String key, InputStream content, long sizeBytes, @Nullable String contentType)
            throws StoreException;

    /** Every object whose key begins with {@code prefix}, in key order, page by page as they come. */
    void list(String prefix, Consumer<StoredObject> visitor) throws StoreException;

    /**
     * Deletes in as few requests as possible; a key that isn't there counts as deleted.
     *
     * @return what could not be deleted: key → why; empty when all went
     */
    Map<String, String> delete(Collection<String> keys) throws StoreException;

    /** A URL that reads the object for so long, for any range. */
    SignedRequest signGet(String key, Duration validFor) throws StoreException;

    /** A URL that stores the object with exactly this MD5 and content type. */
    SignedRequest signPut(String key, String md5, @Nullable String contentType, Duration validFor)
            throws StoreException;

    /** Begins a multipart upload; returns its id. */
    String beginMultipart(String key, @Nullable String contentType) throws StoreException;

    /** A URL that stores one part (numbered from 1) with exactly this MD5. */
    SignedRequest signPart(String key, String uploadId, int number, String md5, Duration validFor)
            throws StoreException;

    /**
     * Puts the object together from the given parts.
     *
     * @throws StoreException {@code NOT_FOUND} if the upload is no more, {@code REFUSED} if a part is missing or another one
     */
    StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts) throws StoreException;

    /** Throws the upload's parts away; fine when it is gone already. */
    void abortMultipart(String key, String uploadId) throws StoreException;

    /** A part that goes into an object. */
    record StoredPart(int number, String etag) {}

    /** A request that needs no other credentials; each header must be sent as it stands here. */
    record SignedRequest(String url, Map<String, String> headers) {
        public SignedRequest {
            headers = Map.copyOf(headers);
        }
    }
}
