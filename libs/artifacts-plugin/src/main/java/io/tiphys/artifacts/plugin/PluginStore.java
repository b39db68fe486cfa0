package io.tiphys.artifacts.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Status;
import io.grpc.StatusException;
import io.tiphys.api.PluginArtifact;
import io.tiphys.artifacts.Deletions;
import io.tiphys.artifacts.LimitedStream;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.VerifiedStream;
import io.tiphys.artifacts.plugin.wire.Artifact;
import io.tiphys.artifacts.plugin.wire.DeleteArtifactRequest;
import io.tiphys.artifacts.plugin.wire.IsDirectoryRequest;
import io.tiphys.artifacts.plugin.wire.ListObjectsRequest;
import io.tiphys.artifacts.plugin.wire.LoadArtifactRequest;
import io.tiphys.artifacts.plugin.wire.SaveArtifactRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one driver stores, told one configuration. Drivers tell no sizes: an object that ends within a MiB has one, since looking for it means to
 * begin to read it. They know directories, not beginnings of keys: what is asked to be listed is the key that the prefix is, as Argo asks.
 */
final class PluginStore extends ReadOnlyStore {
    private static final Set<Ability> ABILITIES =
            Collections.unmodifiableSet(EnumSet.of(Ability.WRITE, Ability.LIST, Ability.DELETE));
    private static final int LOOKED_AT_BYTES = 1 << 20;
    private static final int DELETED_AT_A_TIME = 16;
    private static final Pattern NO_KEY = Pattern.compile("(?:^|/)\\.\\.?(?:/|$)|\\p{Cntrl}");
    private static final Comparator<String> BYTES =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

    private final DriverConnection connection;
    private final PluginArtifact location;
    private final String root;

    /**
     * A store.
     *
     * @param root slashes that the driver's keys begin with and ours don't
     */
    PluginStore(DriverConnection connection, PluginArtifact location, String root) {
        this.connection = connection;
        this.location = location;
        this.root = root;
    }

    @Override
    public Set<Ability> abilities() {
        return ABILITIES;
    }

    @Override
    public String name() {
        return "plugin://" + connection.driver();
    }

    private String cannot(String verb, String key) {
        return "artifact driver " + connection.driver() + " can't " + verb + " \"" + key + "\"";
    }

    private Artifact artifact(String key) {
        var plugin = io.tiphys.artifacts.plugin.wire.PluginArtifact.newBuilder()
                .setName(connection.driver())
                .setConfiguration(Objects.requireNonNullElse(location.configuration(), ""))
                .setConnectionTimeoutSeconds(location.connectionTimeoutSeconds())
                .setKey(root + key);
        return Artifact.newBuilder().setPlugin(plugin).build();
    }

    /** The driver's refusal, if its answer is one. */
    private StoreException refusal(String what, String words) {
        return Complaint.of(what, words, Objects.requireNonNullElse(location.configuration(), ""));
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        try (InputStream content = read(key)) {
            byte[] begin = content.readNBytes(LOOKED_AT_BYTES + 1);
            boolean isAll = begin.length <= LOOKED_AT_BYTES;
            return Optional.of(
                    new StoredObject(key, isAll ? begin.length : -1, isAll ? md5(begin) : "", null, null, null));
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND || (e.kind() == Kind.REFUSED && isDirectory(key))) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, cannot("read", key), e);
        }
    }

    /** Whether the driver says so; a driver that can't tell says no. */
    private boolean isDirectory(String key) {
        var artifact = artifact(key);
        try {
            var answer = connection.ask(
                    cannot("look at", key),
                    artifact,
                    connection.patience().answer(),
                    stub -> stub.isDirectory(IsDirectoryRequest.newBuilder()
                            .setArtifact(artifact)
                            .build()));
            return answer.getError().isEmpty() && answer.getIsDirectory();
        } catch (StoreException e) {
            return false;
        }
    }

    @Override
    public InputStream read(String key) throws StoreException {
        try {
            return connection.open(cannot("read", key), artifact(key));
        } catch (StoreException e) {
            if (e.getCause() instanceof StatusException refused
                    && refused.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
                return load(key);
            }
            throw e;
        }
    }

    /** From a driver that doesn't stream: a file that it writes and that goes when it is closed. */
    private InputStream load(String key) throws StoreException {
        String what = cannot("load", key);
        var artifact = artifact(key);
        try {
            Path file = connection.folder().newPath();
            try {
                var answer = connection.ask(
                        what,
                        artifact,
                        connection.patience().file(-1),
                        stub -> stub.load(LoadArtifactRequest.newBuilder()
                                .setInputArtifact(artifact)
                                .setPath(file.toString())
                                .build()));
                if (!answer.getSuccess()) {
                    throw refusal(what, answer.getError());
                }
                if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    throw new StoreException(
                            Kind.REFUSED, what + ": the driver says that it did, and there is no file");
                }
                return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS, StandardOpenOption.DELETE_ON_CLOSE);
            } catch (IOException e) {
                SharedFolder.remove(file);
                throw e;
            }
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, what + ": " + e, e);
        }
    }

    /** Drivers begin at the beginning. */
    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        InputStream content = read(key);
        try {
            content.skipNBytes(from);
            return new LimitedStream(content, to - from + 1);
        } catch (IOException e) {
            close(content);
            throw e instanceof StoreException known
                    ? known
                    : new StoreException(
                            Kind.REFUSED, cannot("read", key) + " from byte " + from + " on: it is shorter");
        }
    }

    private static void close(InputStream content) {
        try {
            content.close();
        } catch (IOException e) {
            // nothing was written: there is nothing to lose
        }
    }

    /** A file that the driver can read, checked before it is told of it. */
    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        String what = cannot("save", key);
        connection.await(what, artifact(key)); // its folder may not be there before it is
        try {
            Path file = connection.folder().newPath();
            try {
                String md5 = write(what, file, content, sizeBytes, options.md5());
                save(what, key, file, sizeBytes);
                return new StoredObject(key, sizeBytes, etag(md5, sizeBytes), null, null, null);
            } finally {
                SharedFolder.remove(file);
            }
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, what + ": " + e, e);
        }
    }

    /** As looking at it would tell: what is longer than is looked at has none. */
    private static String etag(String md5, long sizeBytes) {
        return sizeBytes <= LOOKED_AT_BYTES ? md5 : "";
    }

    private static String write(String what, Path file, InputStream content, long sizeBytes, @Nullable String expected)
            throws IOException {
        try (var checked = new VerifiedStream(what, content, sizeBytes, expected).checkedIfEmpty();
                var out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            checked.transferTo(out);
            return checked.hex();
        }
    }

    private void save(String what, String key, Path file, long sizeBytes) throws StoreException {
        var artifact = artifact(key);
        var answer = connection.ask(
                what,
                artifact,
                connection.patience().file(sizeBytes),
                stub -> stub.save(SaveArtifactRequest.newBuilder()
                        .setPath(file.toString())
                        .setOutputArtifact(artifact)
                        .build()));
        if (!answer.getSuccess()) {
            throw refusal(what, answer.getError());
        }
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        return Deletions.oneByOne(keys, DELETED_AT_A_TIME, this::delete);
    }

    private void delete(String key) throws StoreException {
        String what = cannot("delete", key);
        var artifact = artifact(key);
        try {
            var answer = connection.ask(
                    what,
                    artifact,
                    connection.patience().answer(),
                    stub -> stub.delete(DeleteArtifactRequest.newBuilder()
                            .setArtifact(artifact)
                            .build()));
            if (!answer.getSuccess()) {
                throw refusal(what, answer.getError());
            }
        } catch (StoreException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public void list(String prefix, Consumer<StoredObject> visitor) throws StoreException {
        keys(prefix).forEach(key -> visitor.accept(unlookedAt(key)));
    }

    private static StoredObject unlookedAt(String key) {
        return new StoredObject(key, -1, "", null, null, null);
    }

    @Override
    public Page page(PageRequest request) throws StoreException {
        List<StoredObject> objects = new ArrayList<>();
        List<String> directories = new ArrayList<>();
        String last = request.after() == null ? "" : request.after();
        for (String key : keys(request.prefix()).tailSet(last, false)) {
            String directory = directory(key, request.prefix(), request.delimiter());
            boolean isShown = directory != null && last.startsWith(directory);
            if (!isShown && objects.size() + directories.size() == request.limit()) {
                return new Page(objects, directories, last);
            }
            if (directory == null) {
                objects.add(unlookedAt(key));
            } else if (!isShown) {
                directories.add(directory);
            }
            last = key;
        }
        return new Page(objects, directories, null);
    }

    private static @Nullable String directory(String key, String prefix, @Nullable String delimiter) {
        int end = delimiter == null ? -1 : key.indexOf(delimiter, prefix.length());
        return delimiter == null || end < 0 ? null : key.substring(0, end + delimiter.length());
    }

    /** What is below, in the order of the keys' bytes; what the driver lists besides is left out. */
    private NavigableSet<String> keys(String prefix) throws StoreException {
        String what = cannot("list", prefix);
        var artifact = artifact(prefix.replaceFirst("/+$", ""));
        var answer = connection.ask(
                what,
                artifact,
                connection.patience().answer(),
                stub -> stub.listObjects(
                        ListObjectsRequest.newBuilder().setArtifact(artifact).build()));
        if (!answer.getError().isEmpty()) {
            StoreException refused = refusal(what, answer.getError());
            if (refused.kind() == Kind.NOT_FOUND) {
                return Collections.emptyNavigableSet();
            }
            throw refused;
        }
        NavigableSet<String> keys = new TreeSet<>(BYTES);
        for (String object : answer.getObjectsList()) {
            String key = object.startsWith(root) ? object.substring(root.length()) : object;
            if (!key.startsWith(prefix)) {
                continue;
            }
            if (NO_KEY.matcher(key).find()) {
                throw new StoreException(
                        Kind.REFUSED,
                        what + ": the driver lists \"" + key.replaceAll("\\p{Cntrl}", "?")
                                + "\", which is no key: it would lead out of its directory");
            }
            keys.add(key);
        }
        return keys;
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
