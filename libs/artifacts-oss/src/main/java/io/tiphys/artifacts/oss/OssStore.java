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
import com.aliyun.oss.model.ListObjectsV2Request;
import com.aliyun.oss.model.ObjectMetadata;
import com.aliyun.oss.model.PartETag;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One OSS bucket. */
final class OssStore implements ArtifactStore {
    private static final int KEYS_PER_REQUEST = 1000;
    private static final Set<String> MISSING = Set.of("NoSuchKey", "NoSuchBucket", "NoSuchUpload");
    private static final Set<String> PASSING = Set.of(
            "InternalError",
            "ServiceUnavailable",
            "RequestTimeout",
            "QpsLimitExceeded",
            "DownloadTrafficRateLimitExceeded",
            "UploadTrafficRateLimitExceeded",
            "OperationAborted",
            "Busy");

    private final OSS client;
    private final String bucket;

    OssStore(OSS client, String bucket) {
        this.client = client;
        this.bucket = bucket;
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

    private InputStream read(GetObjectRequest request) throws StoreException {
        var object = send("read", request.getKey(), () -> client.getObject(request));
        return new AbortingStream(object.getObjectContent(), object);
    }

    @Override
    public StoredObject put(String key, InputStream content, long sizeBytes, @Nullable String contentType)
            throws StoreException {
        var metadata = new ObjectMetadata();
        metadata.setContentLength(sizeBytes);
        if (contentType != null) {
            metadata.setContentType(contentType);
        }
        var result = send("write", key, () -> client.putObject(bucket, key, content, metadata));
        return new StoredObject(key, sizeBytes, result.getETag(), decimal(result.getServerCRC()), null, contentType);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> visitor) throws StoreException {
        var request = new ListObjectsV2Request(bucket, prefix);
        request.setMaxKeys(KEYS_PER_REQUEST);
        boolean more;
        do {
            var page = send("list", prefix, () -> client.listObjectsV2(request));
            for (var object : page.getObjectSummaries()) {
                visitor.accept(new StoredObject(
                        object.getKey(),
                        object.getSize(),
                        object.getETag(),
                        null,
                        instant(object.getLastModified()),
                        null));
            }
            request.setContinuationToken(page.getNextContinuationToken());
            more = page.isTruncated();
        } while (more);
    }

    @Override
    public Map<String, String> delete(Collection<String> keys) throws StoreException {
        var failed = new LinkedHashMap<String, String>();
        var all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += KEYS_PER_REQUEST) {
            var batch = all.subList(from, Math.min(all.size(), from + KEYS_PER_REQUEST));
            var request = new DeleteObjectsRequest(bucket);
            request.setKeys(new ArrayList<>(batch));
            request.setQuiet(false);
            request.setEncodingType("url");
            var deleted = new HashSet<>(
                    send("delete from", "", () -> client.deleteObjects(request)).getDeletedObjects());
            for (var key : batch) {
                if (!deleted.contains(key)) {
                    failed.put(key, "object storage did not confirm it");
                }
            }
        }
        return failed;
    }

    @Override
    public SignedRequest signGet(String key, Duration validFor) throws StoreException {
        return sign(key, new GeneratePresignedUrlRequest(bucket, key, HttpMethod.GET), null, null, validFor);
    }

    @Override
    public SignedRequest signPut(String key, String md5, @Nullable String contentType, Duration validFor)
            throws StoreException {
        return sign(key, new GeneratePresignedUrlRequest(bucket, key, HttpMethod.PUT), md5, contentType, validFor);
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
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts) throws StoreException {
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
