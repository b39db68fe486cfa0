package io.tiphys.artifacts;

import java.io.InputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a store answers that has little more than objects to read; those that can do more override it. */
public abstract class ReadOnlyStore implements ArtifactStore {
    @Override
    public Set<Ability> abilities() {
        return Set.of();
    }

    private StoreException unable(String what) {
        return StoreException.unable(name(), what);
    }

    @Override
    public void ensureBucket() throws StoreException {
        // there is no bucket to be made
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        throw unable("be written to");
    }

    @Override
    public Page page(PageRequest request) throws StoreException {
        throw unable("list what it has");
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        throw unable("delete");
    }

    @Override
    public SignedRequest signGet(String key, Duration validFor, GetOptions options) throws StoreException {
        throw unable("sign URLs");
    }

    @Override
    public SignedRequest signPut(String key, PutOptions options, Duration validFor) throws StoreException {
        throw unable("sign URLs");
    }

    @Override
    public String beginMultipart(String key, @Nullable String contentType) throws StoreException {
        throw unable("take an object in parts");
    }

    @Override
    public SignedRequest signPart(String key, String uploadId, int number, String md5, Duration validFor)
            throws StoreException {
        throw unable("sign URLs");
    }

    @Override
    public StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException {
        throw unable("take an object in parts");
    }

    @Override
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException {
        throw unable("take an object in parts");
    }

    @Override
    public void abortMultipart(String key, String uploadId) throws StoreException {
        throw unable("take an object in parts");
    }

    @Override
    public List<HeldPart> parts(String key, String uploadId) throws StoreException {
        throw unable("take an object in parts");
    }

    @Override
    public void listMultipart(String prefix, Consumer<OpenUpload> visitor) throws StoreException {
        throw unable("list uploads");
    }

    @Override
    public List<LifecycleRule> lifecycleRules() throws StoreException {
        throw unable("have lifecycle rules");
    }

    @Override
    public void changeLifecycleRules(Collection<LifecycleRule> put, Collection<String> removedIds)
            throws StoreException {
        throw unable("have lifecycle rules");
    }
}
