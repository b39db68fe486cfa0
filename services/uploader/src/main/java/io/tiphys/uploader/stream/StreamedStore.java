package io.tiphys.uploader.stream;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.transfer.Capability;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that signs nothing, as one pod sees it at one artifact: its URLs lead to this service, with the pod's own capability as a header, and
 * may do there what the capability says.
 */
final class StreamedStore extends ReadOnlyStore {
    /** Gives an object of unknown size one, by reading it onto disk. */
    interface Sizing {
        StoredObject of(ArtifactStore store, StoredObject object) throws StoreException;
    }

    private final ArtifactStore store;
    private final String artifact;
    private final String artifactKey;
    private final Capability capability;
    private final StreamedUrls urls;
    private final Sizing sizing;

    StreamedStore(
            ArtifactStore store,
            String artifact,
            String artifactKey,
            Capability capability,
            StreamedUrls urls,
            Sizing sizing) {
        this.store = store;
        this.artifact = artifact;
        this.artifactKey = artifactKey;
        this.capability = capability;
        this.urls = urls;
        this.sizing = sizing;
    }

    @Override
    public Set<Ability> abilities() {
        var abilities = EnumSet.of(Ability.PRESIGN);
        abilities.addAll(store.abilities());
        return abilities;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public void prepare(String key) throws StoreException {
        store.prepare(key);
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        var found = store.head(key);
        return found.isEmpty() ? found : Optional.of(sizing.of(store, found.get()));
    }

    @Override
    public InputStream read(String key) throws StoreException {
        return store.read(key);
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        return store.read(key, from, to);
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        return store.put(key, options, content, sizeBytes);
    }

    /** Where nothing can be listed, nothing is below a key. */
    @Override
    public Page page(PageRequest request) throws StoreException {
        return store.abilities().contains(Ability.LIST) ? store.page(request) : new Page(List.of(), List.of(), null);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> visitor) throws StoreException {
        if (store.abilities().contains(Ability.LIST)) {
            store.list(prefix, visitor);
        }
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        return store.delete(keys);
    }

    @Override
    public SignedRequest signGet(String key, Duration validFor, GetOptions options) {
        return request(key, "", Map.of());
    }

    @Override
    public SignedRequest signPut(String key, PutOptions options, Duration validFor) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-MD5", Objects.requireNonNull(options.md5(), "md5"));
        if (options.contentType() != null) {
            headers.put("Content-Type", options.contentType());
        }
        return request(key, "", headers);
    }

    @Override
    public SignedRequest signPart(String key, String uploadId, int number, String md5, Duration validFor) {
        return request(key, "&uploadId=" + encode(uploadId) + "&partNumber=" + number, Map.of("Content-MD5", md5));
    }

    private SignedRequest request(String key, String more, Map<String, String> headers) {
        var all = new LinkedHashMap<>(headers);
        all.put("Authorization", "Bearer " + urls.token(capability));
        var path = key.equals(artifactKey)
                ? ""
                : key.substring(artifactKey.replaceFirst("/+$", "").length() + 1);
        return new SignedRequest(urls.base() + "/v1/streams/" + encode(artifact) + "?path=" + encode(path) + more, all);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String beginMultipart(String key, @Nullable String contentType) throws StoreException {
        return store.beginMultipart(key, contentType);
    }

    @Override
    public StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException {
        return store.putPart(key, uploadId, number, content, sizeBytes, md5);
    }

    @Override
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException {
        return store.completeMultipart(key, uploadId, parts, crc64);
    }

    @Override
    public void abortMultipart(String key, String uploadId) throws StoreException {
        store.abortMultipart(key, uploadId);
    }

    @Override
    public List<HeldPart> parts(String key, String uploadId) throws StoreException {
        return store.parts(key, uploadId);
    }
}
