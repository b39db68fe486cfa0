package io.tiphys.artifacts.azure;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobItem;
import com.azure.storage.blob.models.BlobListDetails;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobStorageException;
import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.models.ListBlobsOptions;
import com.azure.storage.blob.options.BlobInputStreamOptions;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.sas.BlobSasPermission;
import com.azure.storage.blob.sas.BlobServiceSasSignatureValues;
import com.azure.storage.blob.specialized.BlockBlobClient;
import com.azure.storage.common.sas.SasProtocol;
import io.tiphys.artifacts.Deletions;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.VerifiedStream;
import io.tiphys.artifacts.azure.AzureDriver.Account;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One container. Azure has no uploads with an id: a blob's uncommitted blocks are its upload, here told apart by the blocks' names, which
 * begin with our id; Azure throws uncommitted blocks away after a week. Azure counts no CRC64 of OSS' kind: ours is kept as metadata. Rules
 * for a container's lifecycle belong to the account's management, not to the blob service.
 */
final class AzureStore extends ReadOnlyStore {
    private static final String CRC64 = "tiphyscrc64";
    private static final int READ_AT_ONCE = 4 * 1024 * 1024;
    private static final int DELETED_AT_A_TIME = 32;

    private final Account account;
    private final BlobContainerClient container;

    AzureStore(Account account, String container) {
        this.account = account;
        this.container = account.client().getBlobContainerClient(container);
    }

    /** Without the account's key nothing is signed for pods: their bytes go through the uploader. */
    @Override
    public Set<Ability> abilities() {
        var abilities = EnumSet.of(Ability.WRITE, Ability.MULTIPART, Ability.LIST, Ability.DELETE);
        if (account.signs()) {
            abilities.add(Ability.PRESIGN);
        }
        return abilities;
    }

    @Override
    public String name() {
        return "azure://" + container.getBlobContainerName();
    }

    private <T> T send(String what, String key, Supplier<T> request) throws StoreException {
        var where = "cannot " + what + " " + name() + (key.isEmpty() ? "" : "/" + key) + ": ";
        try {
            return request.get();
        } catch (BlobStorageException e) {
            throw new StoreException(StoreException.kindOf(e.getStatusCode()), where + e.getErrorCode(), e);
        } catch (HttpResponseException e) {
            int status = e.getResponse() == null ? 500 : e.getResponse().getStatusCode();
            throw new StoreException(StoreException.kindOf(status), where + "HTTP " + status, e);
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof StoreException refused) {
                    throw refused;
                }
            }
            throw new StoreException(Kind.UNAVAILABLE, where + e.getMessage(), e);
        }
    }

    /** The SDK keeps to itself why it could not read what it was to send. */
    private <T> T sending(VerifiedStream content, String what, String key, Supplier<T> request) throws StoreException {
        try {
            return send(what, key, request);
        } catch (StoreException e) {
            var refusal = content.refusal();
            throw refusal == null ? e : refusal;
        }
    }

    private BlockBlobClient blob(String key) {
        return container.getBlobClient(key).getBlockBlobClient();
    }

    @Override
    public void ensureBucket() throws StoreException {
        send("create", "", container::createIfNotExists);
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        try {
            var found = send("describe", key, () -> blob(key).getProperties());
            return Optional.of(new StoredObject(
                    key,
                    found.getBlobSize(),
                    plain(found.getETag()),
                    found.getMetadata().get(CRC64),
                    instant(found.getLastModified()),
                    found.getContentType()));
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public InputStream read(String key) throws StoreException {
        return read(key, new BlobRange(0));
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        return read(key, new BlobRange(from, to - from + 1));
    }

    /** Fetched piece by piece, each when it is wanted: closing early wastes nothing. */
    private InputStream read(String key, BlobRange range) throws StoreException {
        var options = new BlobInputStreamOptions().setRange(range).setBlockSize(READ_AT_ONCE);
        return send("read", key, () -> blob(key).openInputStream(options));
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        var checked = checked(key, content, sizeBytes, options.md5());
        var upload = new BlockBlobSimpleUploadOptions(checked, sizeBytes)
                .setHeaders(new BlobHttpHeaders().setContentType(options.contentType()))
                .setContentMd5(bytes(options.md5()));
        if (options.crc64() != null) {
            upload.setMetadata(Map.of(CRC64, options.crc64()));
        }
        var stored = sending(checked, "write", key, () -> blob(key).uploadWithResponse(upload, null, Context.NONE))
                .getValue();
        return new StoredObject(
                key,
                sizeBytes,
                plain(stored.getETag()),
                options.crc64(),
                instant(stored.getLastModified()),
                options.contentType());
    }

    private VerifiedStream checked(String key, InputStream content, long sizeBytes, @Nullable String md5)
            throws StoreException {
        try {
            return new VerifiedStream("cannot write " + name() + "/" + key, content, sizeBytes, md5).checkedIfEmpty();
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot write " + name() + "/" + key, e);
        }
    }

    @Override
    public Page page(PageRequest wanted) throws StoreException {
        var options = new ListBlobsOptions().setPrefix(wanted.prefix()).setMaxResultsPerPage(wanted.limit());
        return send("list", wanted.prefix(), () -> {
            var pages = wanted.delimiter() == null
                    ? container.listBlobs(options, wanted.after(), null)
                    : container.listBlobsByHierarchy(wanted.delimiter(), options, null);
            var objects = new ArrayList<StoredObject>();
            var directories = new ArrayList<String>();
            String next = null;
            var found = pages.iterableByPage(wanted.after()).iterator();
            if (found.hasNext()) {
                try (var page = found.next()) {
                    for (BlobItem item : page.getElements()) {
                        if (Boolean.TRUE.equals(item.isPrefix())) {
                            directories.add(item.getName());
                        } else {
                            objects.add(describe(item));
                        }
                    }
                    var token = page.getContinuationToken();
                    next = token == null || token.isEmpty() ? null : token;
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
            return new Page(objects, directories, next);
        });
    }

    private static StoredObject describe(BlobItem item) {
        var properties = item.getProperties();
        return new StoredObject(
                item.getName(),
                properties.getContentLength() == null ? 0 : properties.getContentLength(),
                plain(properties.getETag()),
                null,
                instant(properties.getLastModified()),
                properties.getContentType());
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        return Deletions.oneByOne(
                keys,
                DELETED_AT_A_TIME,
                key -> send("delete", key, () -> blob(key).deleteIfExists()));
    }

    private SignedRequest sign(
            String key,
            BlobSasPermission permission,
            GetOptions options,
            Map<String, String> query,
            Map<String, String> headers,
            Duration validFor)
            throws StoreException {
        var values = new BlobServiceSasSignatureValues(
                        OffsetDateTime.now(ZoneOffset.UTC).plus(validFor), permission)
                .setContentType(options.contentType())
                .setContentDisposition(options.contentDisposition());
        if (container.getBlobContainerUrl().startsWith("https://")) {
            values.setProtocol(SasProtocol.HTTPS_ONLY);
        }
        return send("sign for", key, () -> {
            var blob = blob(key);
            var url = new StringBuilder(blob.getBlobUrl()).append('?').append(blob.generateSas(values));
            new TreeMap<>(query)
                    .forEach((name, value) ->
                            url.append('&').append(name).append('=').append(encode(value)));
            return new SignedRequest(url.toString(), headers);
        });
    }

    private static String encode(String value) {
        return java.net.URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public SignedRequest signGet(String key, Duration validFor, GetOptions options) throws StoreException {
        return sign(key, new BlobSasPermission().setReadPermission(true), options, Map.of(), Map.of(), validFor);
    }

    @Override
    public SignedRequest signPut(String key, PutOptions options, Duration validFor) throws StoreException {
        var headers = new TreeMap<>(
                Map.of("x-ms-blob-type", "BlockBlob", "Content-MD5", Objects.requireNonNull(options.md5(), "md5")));
        if (options.contentType() != null) {
            headers.put("Content-Type", options.contentType());
        }
        if (options.crc64() != null) {
            headers.put("x-ms-meta-" + CRC64, options.crc64());
        }
        return sign(key, write(), GetOptions.NONE, Map.of(), headers, validFor);
    }

    private static BlobSasPermission write() {
        return new BlobSasPermission().setCreatePermission(true).setWritePermission(true);
    }

    @Override
    public SignedRequest signPart(String key, String uploadId, int number, String md5, Duration validFor)
            throws StoreException {
        var query = Map.of("comp", "block", "blockid", blockId(uploadId, number));
        return sign(key, write(), GetOptions.NONE, query, Map.of("Content-MD5", md5), validFor);
    }

    /** All of a blob's block names have one length. */
    private static String blockId(String uploadId, int number) {
        return Base64.getEncoder()
                .encodeToString(
                        (id(uploadId) + String.format(Locale.ROOT, "%06d", number)).getBytes(StandardCharsets.UTF_8));
    }

    /** What blocks are named by; behind it in the upload's id stands the content type, which is only told at the end. */
    private static String id(String uploadId) {
        return uploadId.substring(0, Math.min(32, uploadId.length()));
    }

    private static @Nullable String contentType(String uploadId) {
        return uploadId.length() <= 32
                ? null
                : new String(Base64.getUrlDecoder().decode(uploadId.substring(32)), StandardCharsets.UTF_8);
    }

    private static @Nullable String uploadId(String blockId) {
        try {
            var name = new String(Base64.getDecoder().decode(blockId), StandardCharsets.UTF_8);
            return name.matches("[0-9a-f]{32}\\d{6}") ? name.substring(0, 32) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** An empty block says that the upload is under way. */
    @Override
    public String beginMultipart(String key, @Nullable String contentType) throws StoreException {
        var id = UUID.randomUUID().toString().replace("-", "");
        var mark = new byte[] {'t'};
        send("begin an upload to", key, () -> {
            blob(key).stageBlock(blockId(id, 0), new java.io.ByteArrayInputStream(mark), mark.length);
            return id;
        });
        return contentType == null
                ? id
                : id + Base64.getUrlEncoder().encodeToString(contentType.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException {
        var checked = checked(key, content, sizeBytes, md5);
        sending(
                checked,
                "write part " + number + " of",
                key,
                () -> blob(key)
                        .stageBlockWithResponse(
                                blockId(uploadId, number), checked, sizeBytes, bytes(md5), null, null, Context.NONE));
        return new StoredPart(number, "");
    }

    @Override
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException {
        requireOpen(key, uploadId);
        var ids = parts.stream().map(part -> blockId(uploadId, part.number())).toList();
        var options = new BlockBlobCommitBlockListOptions(ids)
                .setHeaders(new BlobHttpHeaders().setContentType(contentType(uploadId)));
        if (crc64 != null) {
            options.setMetadata(Map.of(CRC64, crc64));
        }
        send("complete the upload to", key, () -> blob(key).commitBlockListWithResponse(options, null, Context.NONE));
        return head(key)
                .orElseThrow(() -> new StoreException(
                        Kind.UNAVAILABLE, name() + "/" + key + " is not there right after its upload"));
    }

    private void requireOpen(String key, String uploadId) throws StoreException {
        if (blocks(key).stream()
                .noneMatch(block -> block.number() == 0 && block.uploadId().equals(id(uploadId)))) {
            throw new StoreException(Kind.NOT_FOUND, "there is no upload " + uploadId + " to " + name() + "/" + key);
        }
    }

    private record Staged(String uploadId, int number, long sizeBytes) {}

    private List<Staged> blocks(String key) throws StoreException {
        try {
            var blocks = send("list the blocks of", key, () -> blob(key).listBlocks(BlockListType.UNCOMMITTED));
            var staged = new ArrayList<Staged>();
            for (var block : blocks.getUncommittedBlocks()) {
                var id = uploadId(block.getName());
                if (id != null) {
                    var name = new String(Base64.getDecoder().decode(block.getName()), StandardCharsets.UTF_8);
                    staged.add(new Staged(id, Integer.parseInt(name.substring(32)), block.getSizeLong()));
                }
            }
            return staged;
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return List.of();
            }
            throw e;
        }
    }

    /**
     * A blob that was never there goes away with its blocks when an empty one is committed and deleted; where there is a blob, its uncommitted
     * blocks are left to Azure, which forgets them: nothing could be thrown away without the blob.
     */
    @Override
    public void abortMultipart(String key, String uploadId) throws StoreException {
        if (blocks(key).stream().anyMatch(block -> block.uploadId().equals(id(uploadId)))
                && head(key).isEmpty()) {
            send("abort the upload to", key, () -> {
                blob(key).commitBlockList(List.of());
                return blob(key).deleteIfExists();
            });
        }
    }

    @Override
    public List<HeldPart> parts(String key, String uploadId) throws StoreException {
        requireOpen(key, uploadId);
        return blocks(key).stream()
                .filter(block -> block.number() > 0 && block.uploadId().equals(id(uploadId)))
                .sorted(java.util.Comparator.comparingInt(Staged::number))
                .map(block -> new HeldPart(block.number(), block.sizeBytes(), ""))
                .toList();
    }

    @Override
    public void listMultipart(String prefix, Consumer<OpenUpload> visitor) throws StoreException {
        var options = new ListBlobsOptions()
                .setPrefix(prefix)
                .setDetails(new BlobListDetails().setRetrieveUncommittedBlobs(true));
        var found = send("list the uploads of", prefix, () -> {
            var items = new ArrayList<BlobItem>();
            container.listBlobs(options, null).forEach(items::add);
            return items;
        });
        for (var item : found) {
            for (var block : blocks(item.getName())) {
                if (block.number() == 0) {
                    visitor.accept(new OpenUpload(
                            item.getName(),
                            block.uploadId(),
                            instant(item.getProperties().getLastModified())));
                }
            }
        }
    }

    private static byte @Nullable [] bytes(@Nullable String base64) {
        return base64 == null ? null : Base64.getDecoder().decode(base64);
    }

    private static String plain(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
