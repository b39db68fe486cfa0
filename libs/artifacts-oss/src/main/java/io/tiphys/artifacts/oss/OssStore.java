package io.tiphys.artifacts.oss;

import com.aliyun.oss.ClientException;
import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSException;
import com.aliyun.oss.model.AbortMultipartUploadRequest;
import com.aliyun.oss.model.CompleteMultipartUploadRequest;
import com.aliyun.oss.model.DeleteObjectsRequest;
import com.aliyun.oss.model.GeneratePresignedUrlRequest;
import com.aliyun.oss.model.GetObjectRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.ListMultipartUploadsRequest;
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.ListPartsRequest;
import com.aliyun.oss.model.MultipartUploadListing;
import com.aliyun.oss.model.ObjectMetadata;
import com.aliyun.oss.model.PartETag;
import com.aliyun.oss.model.PartListing;
import com.aliyun.oss.model.ResponseHeaderOverrides;
import com.aliyun.oss.model.SetBucketLifecycleRequest;
import com.aliyun.oss.model.UploadPartRequest;
import io.tiphys.api.OSSLifecycleRule;
import io.tiphys.artifacts.AbortingStream;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.LifecycleRule;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One OSS bucket. */
final class OssStore implements ArtifactStore {
    private static final int KEYS_PER_REQUEST = 1000;
    private static final Set<String> MISSING = Set.of("NoSuchKey", "NoSuchBucket", "NoSuchUpload", "NoSuchLifecycle");
    private static final Set<String> PASSING = Set.of(
            "InternalError",
            "ServiceUnavailable",
            "RequestTimeout",
            "QpsLimitExceeded",
            "DownloadTrafficRateLimitExceeded",
            "UploadTrafficRateLimitExceeded",
            "OperationAborted",
            "Busy");

    /** What a location wants to be done before something is written. */
    record Wishes(boolean createBucket, @Nullable OSSLifecycleRule lifecycleRule) {}

    private final OSS client;
    private final OSS reader;
    private final String bucket;
    private final Wishes wishes;

    OssStore(OssClients clients, String bucket, Wishes wishes) {
        this.client = clients.client();
        this.reader = clients.reader();
        this.bucket = bucket;
        this.wishes = wishes;
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.allOf(Ability.class);
    }

    @Override
    public String name() {
        return "oss://" + bucket;
    }

    private interface Request<T> {
        T send();
    }

    private <T> T send(String what, String key, Request<T> request) throws StoreException {
        var where = what + " oss://" + bucket + (key.isEmpty() ? "" : "/" + key);
        try {
            return request.send();
        } catch (OSSException e) {
            var code = String.valueOf(e.getErrorCode());
            var kind =
                    MISSING.contains(code) ? Kind.NOT_FOUND : PASSING.contains(code) ? Kind.UNAVAILABLE : Kind.REFUSED;
            throw new StoreException(kind, "cannot " + where + ": " + code + ", " + e.getErrorMessage(), e);
        } catch (ClientException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot " + where + ": " + e.getErrorMessage(), e);
        }
    }

    @Override
    public void ensureBucket() throws StoreException {
        if (!send("look for", "", () -> client.doesBucketExist(bucket))) {
            send("create", "", () -> client.createBucket(bucket));
        }
    }

    @Override
    public void prepare(String key) throws StoreException {
        if (wishes.createBucket()) {
            ensureBucket();
        }
        if (wishes.lifecycleRule() != null) {
            var rule = OssLifecycle.ofLocation(key, wishes.lifecycleRule());
            if (rule != null) {
                changeLifecycleRules(List.of(rule), List.of());
            }
        }
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        try {
            return Optional.of(describe(key, send("describe", key, () -> client.getObjectMetadata(bucket, key))));
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public InputStream read(String key) throws StoreException {
        return read(new GetObjectRequest(bucket, key));
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        var request = new GetObjectRequest(bucket, key);
        request.setRange(from, to);
        return read(request);
    }

    /** The answer's own stream: around the object's there is a sum in any case ({@link OssClients#reader}). */
    private InputStream read(GetObjectRequest request) throws StoreException {
        var object = send("read", request.getKey(), () -> reader.getObject(request));
        return new AbortingStream(object.getResponse().getContent(), object::forcedClose);
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        var metadata = new ObjectMetadata();
        metadata.setContentLength(sizeBytes);
        if (options.contentType() != null) {
            metadata.setContentType(options.contentType());
        }
        if (options.md5() != null) {
            metadata.setContentMD5(options.md5());
        }
        var result = send("write", key, () -> client.putObject(bucket, key, content, metadata));
        return new StoredObject(
                key, sizeBytes, result.getETag(), decimal(result.getServerCRC()), null, options.contentType());
    }

    @Override
    public Page page(PageRequest wanted) throws StoreException {
        var request = new ListObjectsV2Request(bucket, wanted.prefix());
        request.setMaxKeys(wanted.limit());
        request.setDelimiter(wanted.delimiter());
        request.setContinuationToken(wanted.after());
        var page = send("list", wanted.prefix(), () -> client.listObjectsV2(request));
        var objects = page.getObjectSummaries().stream()
                .map(object -> new StoredObject(
                        object.getKey(),
                        object.getSize(),
                        object.getETag(),
                        null,
                        instant(object.getLastModified()),
                        null))
                .toList();
        return new Page(objects, page.getCommonPrefixes(), page.isTruncated() ? page.getNextContinuationToken() : null);
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        var failed = new LinkedHashMap<String, StoreException>();
        var all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += KEYS_PER_REQUEST) {
            delete(all.subList(from, Math.min(all.size(), from + KEYS_PER_REQUEST)), failed);
        }
        return failed;
    }

    /** OSS names the keys that went, and says nothing of the others: each of those is asked for by itself, which tells why. */
    private void delete(List<String> batch, Map<String, StoreException> failed) {
        var request = new DeleteObjectsRequest(bucket);
        request.setKeys(new ArrayList<>(batch));
        request.setQuiet(false);
        request.setEncodingType("url");
        Set<String> deleted;
        try {
            deleted = new HashSet<>(
                    send("delete from", "", () -> client.deleteObjects(request)).getDeletedObjects());
        } catch (StoreException e) {
            batch.forEach(key -> failed.put(key, e));
            return;
        }
        for (var key : batch) {
            if (!deleted.contains(key)) {
                try {
                    send("delete", key, () -> client.deleteObject(bucket, key));
                } catch (StoreException e) {
                    if (e.kind() != Kind.NOT_FOUND) {
                        failed.put(key, e);
                    }
                }
            }
        }
    }

    @Override
    public SignedRequest signGet(String key, Duration validFor, GetOptions options) throws StoreException {
        var request = new GeneratePresignedUrlRequest(bucket, key, HttpMethod.GET);
        var answer = new ResponseHeaderOverrides();
        answer.setContentType(options.contentType());
        answer.setContentDisposition(options.contentDisposition());
        request.setResponseHeaders(answer);
        return sign(key, request, null, null, validFor);
    }

    @Override
    public SignedRequest signPut(String key, PutOptions options, Duration validFor) throws StoreException {
        var request = new GeneratePresignedUrlRequest(bucket, key, HttpMethod.PUT);
        return sign(key, request, Objects.requireNonNull(options.md5(), "md5"), options.contentType(), validFor);
    }

    @Override
    public SignedRequest signPart(String key, String uploadId, int number, String md5, Duration validFor)
            throws StoreException {
        var request = new GeneratePresignedUrlRequest(bucket, key, HttpMethod.PUT);
        request.addQueryParameter("partNumber", Integer.toString(number));
        request.addQueryParameter("uploadId", uploadId);
        return sign(key, request, md5, null, validFor);
    }

    private SignedRequest sign(
            String key,
            GeneratePresignedUrlRequest request,
            @Nullable String md5,
            @Nullable String contentType,
            Duration validFor)
            throws StoreException {
        request.setExpiration(Date.from(Instant.now().plus(validFor)));
        var headers = new LinkedHashMap<String, String>();
        if (md5 != null) {
            request.setContentMD5(md5);
            headers.put("Content-MD5", md5);
        }
        if (contentType != null) {
            request.setContentType(contentType);
            headers.put("Content-Type", contentType);
        }
        return new SignedRequest(
                send("sign for", key, () -> client.generatePresignedUrl(request).toString()), headers);
    }

    @Override
    public String beginMultipart(String key, @Nullable String contentType) throws StoreException {
        var request = new InitiateMultipartUploadRequest(bucket, key);
        if (contentType != null) {
            var metadata = new ObjectMetadata();
            metadata.setContentType(contentType);
            request.setObjectMetadata(metadata);
        }
        return send(
                "begin an upload to",
                key,
                () -> client.initiateMultipartUpload(request).getUploadId());
    }

    @Override
    public StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException {
        var request = new UploadPartRequest(bucket, key, uploadId, number, content, sizeBytes);
        request.setMd5Digest(md5);
        var part = send("write part " + number + " of", key, () -> client.uploadPart(request));
        return new StoredPart(number, part.getETag());
    }

    @Override
    public List<HeldPart> parts(String key, String uploadId) throws StoreException {
        var request = new ListPartsRequest(bucket, key, uploadId);
        var parts = new ArrayList<HeldPart>();
        PartListing page;
        do {
            page = send("list the parts of the upload to", key, () -> client.listParts(request));
            page.getParts().forEach(p -> parts.add(new HeldPart(p.getPartNumber(), p.getSize(), p.getETag())));
            request.setPartNumberMarker(page.getNextPartNumberMarker());
        } while (page.isTruncated());
        return parts;
    }

    @Override
    public void listMultipart(String prefix, Consumer<OpenUpload> visitor) throws StoreException {
        var request = new ListMultipartUploadsRequest(bucket);
        request.setPrefix(prefix);
        MultipartUploadListing page;
        do {
            page = send("list the uploads of", prefix, () -> client.listMultipartUploads(request));
            page.getMultipartUploads()
                    .forEach(u ->
                            visitor.accept(new OpenUpload(u.getKey(), u.getUploadId(), instant(u.getInitiated()))));
            request.setKeyMarker(page.getNextKeyMarker());
            request.setUploadIdMarker(page.getNextUploadIdMarker());
        } while (page.isTruncated());
    }

    @Override
    public List<LifecycleRule> lifecycleRules() throws StoreException {
        return rules().stream()
                .flatMap(rule -> OssLifecycle.read(rule).stream())
                .toList();
    }

    private List<com.aliyun.oss.model.LifecycleRule> rules() throws StoreException {
        try {
            return send("read the lifecycle rules of", "", () -> client.getBucketLifecycle(bucket));
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND && String.valueOf(e.getMessage()).contains("NoSuchLifecycle")) {
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public void changeLifecycleRules(Collection<LifecycleRule> put, Collection<String> removedIds)
            throws StoreException {
        var before = rules();
        var after = OssLifecycle.merge(before, put, removedIds);
        if (after.isEmpty()) {
            if (!before.isEmpty()) {
                send("remove the lifecycle rules of", "", () -> client.deleteBucketLifecycle(bucket));
            }
        } else if (!OssLifecycle.same(before, put, removedIds)) {
            var request = new SetBucketLifecycleRequest(bucket);
            after.forEach(request::AddLifecycleRule);
            send("write the lifecycle rules of", "", () -> client.setBucketLifecycle(request));
        }
    }

    @Override
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException {
        List<PartETag> etags = parts.stream()
                .map(part -> new PartETag(part.number(), part.etag()))
                .collect(Collectors.toCollection(ArrayList::new));
        var request = new CompleteMultipartUploadRequest(bucket, key, uploadId, etags);
        var result = send("complete the upload to", key, () -> client.completeMultipartUpload(request));
        var stored = head(key)
                .orElseThrow(() -> new StoreException(
                        Kind.UNAVAILABLE, "oss://" + bucket + "/" + key + " is not there right after its upload"));
        var crc = decimal(result.getServerCRC());
        return crc == null
                ? stored
                : new StoredObject(
                        key, stored.sizeBytes(), stored.etag(), crc, stored.modified(), stored.contentType());
    }

    @Override
    public void abortMultipart(String key, String uploadId) throws StoreException {
        try {
            send("abort the upload to", key, () -> {
                client.abortMultipartUpload(new AbortMultipartUploadRequest(bucket, key, uploadId));
                return key;
            });
        } catch (StoreException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    private static StoredObject describe(String key, ObjectMetadata metadata) {
        return new StoredObject(
                key,
                metadata.getContentLength(),
                metadata.getETag(),
                decimal(metadata.getServerCRC()),
                instant(metadata.getLastModified()),
                metadata.getContentType());
    }

    private static @Nullable String decimal(@Nullable Long crc) {
        return crc == null ? null : Long.toUnsignedString(crc);
    }

    private static @Nullable Instant instant(@Nullable Date date) {
        return date == null ? null : date.toInstant();
    }
}
