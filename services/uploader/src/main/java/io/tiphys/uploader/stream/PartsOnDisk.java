package io.tiphys.uploader.stream;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.VerifiedStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store that takes whole objects only (a web server, Artifactory), made one that takes parts: they lie on this machine's disk until the
 * object is complete, and go out in one request then. An upload is known where it began: to one replica of this service, until that restarts.
 */
public final class PartsOnDisk extends ReadOnlyStore {
    private static final String PART = "part-";

    private final ArtifactStore whole;
    private final Path dir;

    /** Such a store; {@code dir} is this class' own and may be shared by many of them. */
    public PartsOnDisk(ArtifactStore whole, Path dir) {
        this.whole = whole;
        this.dir = dir;
    }

    @Override
    public Set<Ability> abilities() {
        var abilities = EnumSet.of(Ability.MULTIPART);
        abilities.addAll(whole.abilities());
        return abilities;
    }

    @Override
    public String name() {
        return whole.name();
    }

    @Override
    public void prepare(String key) throws StoreException {
        whole.prepare(key);
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        return whole.head(key);
    }

    @Override
    public InputStream read(String key) throws StoreException {
        return whole.read(key);
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        return whole.read(key, from, to);
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        return whole.put(key, options, content, sizeBytes);
    }

    @Override
    public Page page(PageRequest request) throws StoreException {
        return whole.page(request);
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> visitor) throws StoreException {
        whole.list(prefix, visitor);
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        return whole.delete(keys);
    }

    @Override
    public String beginMultipart(String key, @Nullable String contentType) throws StoreException {
        var id = UUID.randomUUID().toString();
        try {
            Files.createDirectories(dir.resolve(id));
            return id;
        } catch (IOException e) {
            throw broken(key, e);
        }
    }

    private StoreException broken(String key, IOException e) {
        return e instanceof StoreException told
                ? told
                : new StoreException(
                        Kind.UNAVAILABLE,
                        "cannot keep parts of " + name() + "/" + key + " on the uploader's disk: " + e.getMessage(),
                        e);
    }

    private Path upload(String key, String uploadId) throws StoreException {
        var upload = dir.resolve(UUID.fromString(uploadId).toString());
        if (!Files.isDirectory(upload)) {
            throw new StoreException(
                    Kind.NOT_FOUND,
                    "there is no upload " + uploadId + " to " + name() + "/" + key + " at this uploader");
        }
        return upload;
    }

    @Override
    public StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException {
        var upload = upload(key, uploadId);
        try {
            var unfinished = Files.createTempFile(upload, "unfinished-", "");
            try (var checked = new VerifiedStream("cannot take part " + number, content, sizeBytes, md5)) {
                Files.copy(checked.checkedIfEmpty(), unfinished, StandardCopyOption.REPLACE_EXISTING);
                Files.move(
                        unfinished,
                        upload.resolve(PART + number),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(unfinished);
            }
            return new StoredPart(number, "");
        } catch (IOException e) {
            throw broken(key, e);
        }
    }

    @Override
    public List<HeldPart> parts(String key, String uploadId) throws StoreException {
        var parts = new ArrayList<HeldPart>();
        try (var files = Files.newDirectoryStream(upload(key, uploadId), PART + "*")) {
            for (var file : files) {
                int number = Integer.parseInt(file.getFileName().toString().substring(PART.length()));
                parts.add(new HeldPart(number, Files.size(file), ""));
            }
        } catch (IOException e) {
            throw broken(key, e);
        }
        parts.sort(Comparator.comparingInt(HeldPart::number));
        return parts;
    }

    @Override
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException {
        var upload = upload(key, uploadId);
        var files = new ArrayList<Path>();
        long size = 0;
        try {
            for (var part : parts) {
                var file = upload.resolve(PART + part.number());
                size += Files.size(file);
                files.add(file);
            }
            StoredObject stored;
            try (var content = new FilesInSequence(files)) {
                stored = whole.put(key, new PutOptions(null, null, crc64), content, size);
            }
            abortMultipart(key, uploadId);
            return stored;
        } catch (NoSuchFileException e) {
            throw new StoreException(Kind.REFUSED, "a part of " + name() + "/" + key + " is missing", e);
        } catch (IOException e) {
            throw broken(key, e);
        }
    }

    @Override
    public void abortMultipart(String key, String uploadId) throws StoreException {
        var upload = dir.resolve(UUID.fromString(uploadId).toString());
        if (!Files.isDirectory(upload)) {
            return;
        }
        try (var files = Files.newDirectoryStream(upload)) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(upload);
        } catch (IOException e) {
            throw broken(key, e);
        }
    }
}
