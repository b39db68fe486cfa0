package io.tiphys.artifacts.hdfs;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.VerifiedStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One HDFS cluster; a key is a path without its first slash. A multipart upload's parts are files next to the object ({@code
 * .NAME.tiphys-ID.NUMBER}); HDFS joins them without copying.
 */
final class HdfsStore extends ReadOnlyStore {
    private static final Set<Ability> ABILITIES =
            Set.copyOf(EnumSet.of(Ability.WRITE, Ability.MULTIPART, Ability.LIST, Ability.DELETE));
    private static final Pattern PART = Pattern.compile("\\.(.+)\\.tiphys-([0-9a-f]{32})\\.(\\d{5})");
    private static final int DEEPEST = 64;

    private final WebHdfs hdfs;
    private final boolean force;

    /** A cluster; {@code force}: what is there already is overwritten, as Argo's field says. */
    HdfsStore(WebHdfs hdfs, boolean force) {
        this.hdfs = hdfs;
        this.force = force;
    }

    @Override
    public Set<Ability> abilities() {
        return ABILITIES;
    }

    @Override
    public String name() {
        return hdfs.name();
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        try {
            var status = hdfs.call("GET", "/" + key, "GETFILESTATUS", Map.of()).path("FileStatus");
            return status.path("type").asText().equals("FILE") ? Optional.of(describe(key, status)) : Optional.empty();
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static StoredObject describe(String key, JsonNode status) {
        long size = status.path("length").asLong();
        long modified = status.path("modificationTime").asLong();
        var etag = status.path("fileId").asText("") + "-" + modified + "-" + size;
        return new StoredObject(key, size, etag, null, Instant.ofEpochMilli(modified), null);
    }

    @Override
    public InputStream read(String key) throws StoreException {
        return hdfs.open("/" + key, Map.of());
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        return hdfs.open("/" + key, Map.of("offset", Long.toString(from), "length", Long.toString(to - from + 1)));
    }

    /** Written under another name first: a reader sees all of it or nothing. */
    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        var unfinished = part(key, newId(), 0);
        write(key, unfinished, content, sizeBytes, options.md5());
        return become(unfinished, key);
    }

    private void write(String key, String path, InputStream content, long sizeBytes, @Nullable String md5)
            throws StoreException {
        try {
            var checked =
                    new VerifiedStream("cannot write " + name() + "/" + key, content, sizeBytes, md5).checkedIfEmpty();
            hdfs.create(path, true, checked, sizeBytes);
        } catch (StoreException e) {
            remove(path);
            throw e;
        } catch (IOException e) {
            remove(path);
            throw new StoreException(Kind.UNAVAILABLE, "cannot write " + name() + "/" + key, e);
        }
    }

    private StoredObject become(String path, String key) throws StoreException {
        if (force) {
            remove("/" + key);
        }
        var renamed = hdfs.call("PUT", path, "RENAME", Map.of("destination", "/" + key));
        if (!renamed.path("boolean").asBoolean()) {
            remove(path);
            throw new StoreException(
                    Kind.REFUSED,
                    "cannot write " + name() + "/" + key
                            + ": there is something already; hdfs.force: true would overwrite it");
        }
        return head(key)
                .orElseThrow(() -> new StoreException(
                        Kind.UNAVAILABLE, name() + "/" + key + " is not there right after it was written"));
    }

    private void remove(String path) throws StoreException {
        try {
            hdfs.call("DELETE", path, "DELETE", Map.of("recursive", "false"));
        } catch (StoreException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
        }
    }

    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        var failed = new LinkedHashMap<String, StoreException>();
        for (var key : keys) {
            try {
                remove("/" + key);
            } catch (StoreException e) {
                failed.put(key, e);
            }
        }
        return failed;
    }

    @Override
    public Page page(PageRequest request) throws StoreException {
        return new HdfsWalk(this::children, request).page();
    }

    /** What a directory holds, parts of uploads left out; nothing if it isn't there. */
    private List<HdfsWalk.Entry> children(String directory) throws StoreException {
        var entries = new ArrayList<HdfsWalk.Entry>();
        for (var status : list(directory)) {
            var name = status.path("pathSuffix").asText();
            if (name.isEmpty() || PART.matcher(name).matches()) {
                continue;
            }
            boolean isDirectory = status.path("type").asText().equals("DIRECTORY");
            var key = directory + name;
            entries.add(new HdfsWalk.Entry(isDirectory ? key + "/" : key, isDirectory ? null : describe(key, status)));
        }
        return entries;
    }

    private JsonNode list(String directory) throws StoreException {
        try {
            return hdfs.call("GET", "/" + directory.replaceFirst("/$", ""), "LISTSTATUS", Map.of())
                    .path("FileStatuses")
                    .path("FileStatus");
        } catch (StoreException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
            }
            throw e;
        }
    }

    private static String newId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String directory(String key) {
        return key.substring(0, key.lastIndexOf('/') + 1);
    }

    private static String part(String key, String uploadId, int number) {
        var directory = directory(key);
        return "/" + directory + "." + key.substring(directory.length()) + ".tiphys-" + uploadId
                + ".%05d".formatted(number);
    }

    /** The empty part 0 says that the upload is under way. */
    @Override
    public String beginMultipart(String key, @Nullable String contentType) throws StoreException {
        var id = newId();
        hdfs.create(part(key, id, 0), true, new ByteArrayInputStream(new byte[0]), 0);
        return id;
    }

    @Override
    public StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException {
        requireOpen(key, uploadId);
        write(key, part(key, uploadId, number), content, sizeBytes, md5);
        return new StoredPart(number, "");
    }

    private void requireOpen(String key, String uploadId) throws StoreException {
        if (!uploadId.matches("[0-9a-f]{32}")
                || head(part(key, uploadId, 0).substring(1)).isEmpty()) {
            throw new StoreException(Kind.NOT_FOUND, "there is no upload " + uploadId + " to " + name() + "/" + key);
        }
    }

    @Override
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException {
        requireOpen(key, uploadId);
        var held = parts(key, uploadId).stream().map(HeldPart::number).toList();
        for (var part : parts) {
            if (!held.contains(part.number())) {
                throw new StoreException(
                        Kind.REFUSED, "part " + part.number() + " of " + name() + "/" + key + " is missing");
            }
        }
        var first = part(key, uploadId, parts.isEmpty() ? 0 : parts.getFirst().number());
        var rest =
                parts.stream().skip(1).map(p -> part(key, uploadId, p.number())).toList();
        if (!rest.isEmpty()) {
            hdfs.call("POST", first, "CONCAT", Map.of("sources", String.join(",", rest)));
        }
        var object = become(first, key);
        abortMultipart(key, uploadId);
        return object;
    }

    @Override
    public void abortMultipart(String key, String uploadId) throws StoreException {
        for (var part : held(key, uploadId)) {
            remove(part(key, uploadId, part.number()));
        }
        remove(part(key, uploadId, 0));
    }

    @Override
    public List<HeldPart> parts(String key, String uploadId) throws StoreException {
        requireOpen(key, uploadId);
        return held(key, uploadId);
    }

    private List<HeldPart> held(String key, String uploadId) throws StoreException {
        var parts = new ArrayList<HeldPart>();
        var directory = directory(key);
        for (var status : list(directory)) {
            Matcher part = PART.matcher(status.path("pathSuffix").asText());
            if (part.matches()
                    && part.group(1).equals(key.substring(directory.length()))
                    && part.group(2).equals(uploadId)
                    && !part.group(3).equals("00000")) {
                parts.add(new HeldPart(
                        Integer.parseInt(part.group(3)), status.path("length").asLong(), ""));
            }
        }
        parts.sort(Comparator.comparingInt(HeldPart::number));
        return parts;
    }

    @Override
    public void listMultipart(String prefix, Consumer<OpenUpload> visitor) throws StoreException {
        uploads(directory(prefix), prefix, visitor, 0);
    }

    private void uploads(String directory, String prefix, Consumer<OpenUpload> visitor, int depth)
            throws StoreException {
        if (depth == DEEPEST) {
            return;
        }
        for (var status : list(directory)) {
            var name = status.path("pathSuffix").asText();
            Matcher part = PART.matcher(name);
            if (part.matches() && part.group(3).equals("00000") && (directory + part.group(1)).startsWith(prefix)) {
                visitor.accept(new OpenUpload(
                        directory + part.group(1),
                        part.group(2),
                        Instant.ofEpochMilli(status.path("modificationTime").asLong())));
            } else if (status.path("type").asText().equals("DIRECTORY")
                    && ((directory + name + "/").startsWith(prefix) || prefix.startsWith(directory + name + "/"))) {
                uploads(directory + name + "/", prefix, visitor, depth + 1);
            }
        }
    }
}
