package io.tiphys.artifacts;

import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One bucket of object storage (or what comes close to one: an HTTP server, a repository), spoken to with one identity. Keys have no leading
 * slash. Calls block (use a virtual thread), repeat nothing themselves beyond what a driver's SDK does, and may come from many threads. Sums:
 * CRC64 as unsigned decimal, MD5 in Base64. What a store can't do isn't in its {@link #abilities}; asked for all the same, it throws {@code
 * REFUSED} and says so.
 */
public interface ArtifactStore {

    /** What a store can do besides {@link #head} and {@link #read}, which all can. */
    enum Ability {
        /** Takes objects: {@link #put}. */
        WRITE,
        /** Takes objects in parts that come in any order: {@link #beginMultipart} and what follows. */
        MULTIPART,
        /** Gives URLs that need no credentials: {@link #signGet}, {@link #signPut}, {@link #signPart}. */
        PRESIGN,
        /** Tells what is there: {@link #page}. */
        LIST,
        /** Deletes objects. */
        DELETE,
        /** Has rules that delete or move objects by age: {@link #lifecycleRules}. */
        LIFECYCLE
    }

    Set<Ability> abilities();

    /** The store as people know it, without a credential in it: {@code oss://bucket}, {@code https://host/path}. */
    String name();

    /** Makes the bucket if it isn't there. */
    void ensureBucket() throws StoreException;

    /**
     * Does what the location asks to be done before an object of that key is written: {@code createBucketIfNotPresent}, {@code lifecycleRule}.
     * Nothing where it asks for nothing.
     */
    default void prepare(String key) throws StoreException {}

    /**
     * What the store knows of an object; empty if it isn't there. A size of -1 means that the store doesn't tell it, or can't read from the
     * middle: such an object is best read once, from its start.
     */
    Optional<StoredObject> head(String key) throws StoreException;

    /** The whole object; the stream must be closed, and closing it early is cheap. */
    InputStream read(String key) throws StoreException;

    /** The bytes {@code from} to {@code to}, both inclusive. */
    InputStream read(String key, long from, long to) throws StoreException;

    /**
     * Stores an object of known length in one request.
     *
     * @throws StoreException {@code REFUSED} if the content has another MD5 than the options say
     */
    StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException;

    default StoredObject put(String key, InputStream content, long sizeBytes, @Nullable String contentType)
            throws StoreException {
        return put(key, new PutOptions(contentType, null, null), content, sizeBytes);
    }

    /** One page of what is there. */
    Page page(PageRequest request) throws StoreException;

    /** Every object whose key begins with {@code prefix}, in key order, page by page as they come. */
    default void list(String prefix, Consumer<StoredObject> visitor) throws StoreException {
        var request = PageRequest.of(prefix);
        while (true) {
            var page = page(request);
            page.objects().forEach(visitor);
            if (page.next() == null) {
                return;
            }
            request = request.after(page.next());
        }
    }

    /**
     * Deletes in as few requests as possible, 1,000 keys in each where the store takes so many; one key's failure keeps no other from going. A
     * key that isn't there counts as deleted.
     *
     * @return what could not be deleted: key → why; empty when all went
     * @throws StoreException only if nothing could be asked for at all ({@link Ability#DELETE})
     */
    Map<String, StoreException> delete(Collection<String> keys) throws StoreException;

    /** A URL that reads the object for so long, for any range. */
    default SignedRequest signGet(String key, Duration validFor) throws StoreException {
        return signGet(key, validFor, GetOptions.NONE);
    }

    /** A URL that reads the object for so long, and answers with these headers; a store that can't leaves them out. */
    SignedRequest signGet(String key, Duration validFor, GetOptions options) throws StoreException;

    /** A URL that stores the object with exactly this MD5 and content type. */
    default SignedRequest signPut(String key, String md5, @Nullable String contentType, Duration validFor)
            throws StoreException {
        return signPut(key, new PutOptions(contentType, md5, null), validFor);
    }

    /** A URL that stores the object as the options say; the MD5 must be there. */
    SignedRequest signPut(String key, PutOptions options, Duration validFor) throws StoreException;

    /** Begins a multipart upload; returns its id. */
    String beginMultipart(String key, @Nullable String contentType) throws StoreException;

    /** A URL that stores one part (numbered from 1) with exactly this MD5. */
    SignedRequest signPart(String key, String uploadId, int number, String md5, Duration validFor)
            throws StoreException;

    /**
     * Stores one part itself.
     *
     * @throws StoreException {@code NOT_FOUND} if the upload is no more, {@code REFUSED} if the content has another MD5
     */
    StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException;

    /**
     * Puts the object together from the given parts, which are in the order of their numbers.
     *
     * @param crc64 of the whole, for stores that count none themselves and can keep it ({@link StoredObject#crc64})
     * @throws StoreException {@code NOT_FOUND} if the upload is no more, {@code REFUSED} if a part is missing or another one
     */
    StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException;

    default StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts) throws StoreException {
        return completeMultipart(key, uploadId, parts, null);
    }

    /** Throws the upload's parts away; fine when it is gone already. */
    void abortMultipart(String key, String uploadId) throws StoreException;

    /**
     * The parts that an upload has so far, in the order of their numbers; an ETag is what storing the part gave, or empty for all.
     *
     * @throws StoreException {@code NOT_FOUND} if the upload is no more
     */
    List<HeldPart> parts(String key, String uploadId) throws StoreException;

    /** Every upload under way whose key begins with {@code prefix}, by key. */
    void listMultipart(String prefix, Consumer<OpenUpload> visitor) throws StoreException;

    /** The bucket's rules that this type can say; rules of a kind that it can't are left out. */
    List<LifecycleRule> lifecycleRules() throws StoreException;

    /**
     * Adds rules, replaces those of the same id, takes others away; every other rule stays as it is, also one that {@link LifecycleRule} can't
     * say. Doing it again changes nothing, and nothing is written when nothing changes. Stores have no way to do this in one step: of two
     * callers at the same moment one may lose; callers read again.
     */
    void changeLifecycleRules(Collection<LifecycleRule> put, Collection<String> removedIds) throws StoreException;

    /** How an object is to be stored. */
    record PutOptions(
            @Nullable String contentType,
            @Nullable String md5,
            @Nullable String crc64) {
        public static final PutOptions NONE = new PutOptions(null, null, null);
    }

    /** Headers that the answer to a signed GET shall have. */
    record GetOptions(
            @Nullable String contentType, @Nullable String contentDisposition) {
        public static final GetOptions NONE = new GetOptions(null, null);
    }

    /**
     * What to list.
     *
     * @param delimiter keys that go on behind the prefix up to it appear as one directory; usually {@code /}
     * @param after {@link Page#next} of the page before
     * @param limit of objects and directories together, 1 to 1,000
     */
    record PageRequest(
            String prefix,
            @Nullable String delimiter,
            @Nullable String after,
            int limit) {
        public static PageRequest of(String prefix) {
            return new PageRequest(prefix, null, null, 1000);
        }

        public PageRequest after(@Nullable String token) {
            return new PageRequest(prefix, delimiter, token, limit);
        }
    }

    /**
     * What was found, in key order.
     *
     * @param directories common beginnings of keys, with the delimiter at their end
     * @param next absent on the last page
     */
    record Page(
            List<StoredObject> objects,
            List<String> directories,
            @Nullable String next) {
        public Page {
            objects = List.copyOf(objects);
            directories = List.copyOf(directories);
        }
    }

    /** A part that goes into an object. */
    record StoredPart(int number, String etag) {}

    /** A part as the store has it. */
    record HeldPart(int number, long sizeBytes, String etag) {}

    /** An upload that was begun and neither completed nor aborted. */
    record OpenUpload(String key, String uploadId, @Nullable Instant begun) {}

    /** A request that needs no other credentials; each header must be sent as it stands here. {@code toString} shows no signature. */
    record SignedRequest(String url, Map<String, String> headers) {
        public SignedRequest {
            headers = Map.copyOf(headers);
        }

        @Override
        public String toString() {
            return "SignedRequest[" + url.replaceFirst("\\?.*", "?…") + "]";
        }
    }
}
