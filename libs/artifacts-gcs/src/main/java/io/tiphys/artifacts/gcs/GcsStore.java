package io.tiphys.artifacts.gcs;

import io.tiphys.artifacts.Deletions;
import io.tiphys.artifacts.HttpCalls;
import io.tiphys.artifacts.ReadOnlyStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One bucket of Google Cloud Storage. Google counts CRC32C; our CRC64 is kept as metadata of objects that are stored in one request. Lifecycle
 * rules have no ids at Google, so that ours could not be told from others: they are left to the bucket's owner.
 */
final class GcsStore extends ReadOnlyStore {
    private static final String CRC64 = "x-goog-meta-tiphys-crc64";
    private static final int DELETED_AT_A_TIME = 32;

    private final HttpCalls calls;
    private final URI endpoint;
    private final String bucket;
    private final GoogleIdentity identity;
    private final InstantSource clock;

    GcsStore(HttpCalls calls, URI endpoint, String bucket, GoogleIdentity identity, InstantSource clock) {
        this.calls = calls;
        this.endpoint = endpoint;
        this.bucket = bucket;
        this.identity = identity;
        this.clock = clock;
    }

    @Override
    public Set<Ability> abilities() {
        var abilities = EnumSet.of(Ability.WRITE, Ability.MULTIPART, Ability.LIST, Ability.DELETE);
        if (identity.canSign()) {
            abilities.add(Ability.PRESIGN);
        }
        return abilities;
    }

    @Override
    public String name() {
        return "gs://" + bucket;
    }

    private String where(String what, String key) {
        return what + " gs://" + bucket + (key.isEmpty() ? "" : "/" + key);
    }

    private HttpResponse<InputStream> send(
            String method,
            String what,
            String key,
            Map<String, String> query,
            Map<String, String> headers,
            BodyPublisher body,
            long bodyBytes)
            throws StoreException {
        var where = where(what, key);
        var uri = URI.create(
                endpoint + SignedUrl.path(bucket, key) + (query.isEmpty() ? "" : "?" + SignedUrl.query(query)));
        var request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + identity.token(where))
                .method(method, body);
        headers.forEach(request::header);
        return calls.send(where, request, bodyBytes);
    }

    private HttpResponse<InputStream> ask(String method, String what, String key, Map<String, String> query)
            throws StoreException {
        return accepted(what, key, send(method, what, key, query, Map.of(), BodyPublishers.noBody(), 0));
    }

    private HttpResponse<InputStream> accepted(String what, String key, HttpResponse<InputStream> answer)
            throws StoreException {
        if (answer.statusCode() / 100 != 2) {
            throw HttpCalls.refused(where(what, key), answer);
        }
        return answer;
    }

    /** Argo never makes a bucket at Google; this is for whoever owns the project. */
    @Override
    public void ensureBucket() throws StoreException {
        var answer = send("HEAD", "look for", "", Map.of(), Map.of(), BodyPublishers.noBody(), 0);
        HttpCalls.done(answer);
        if (answer.statusCode() == 404) {
            var project = identity.projectId();
            Map<String, String> headers = project == null ? Map.of() : Map.of("x-goog-project-id", project);
            var made = send("PUT", "create", "", Map.of(), headers, BodyPublishers.noBody(), 0);
            HttpCalls.done(accepted("create", "", made));
        }
    }

    @Override
    public Optional<StoredObject> head(String key) throws StoreException {
        var answer = send("HEAD", "describe", key, Map.of(), Map.of(), BodyPublishers.noBody(), 0);
        if (answer.statusCode() == 404) {
            HttpCalls.done(answer);
            return Optional.empty();
        }
        HttpCalls.done(accepted("describe", key, answer));
        var headers = answer.headers();
        return Optional.of(new StoredObject(
                key,
                headers.firstValueAsLong("Content-Length").orElse(-1),
                plain(headers.firstValue("ETag").orElse("")),
                headers.firstValue(CRC64).orElse(null),
                headers.firstValue("Last-Modified").map(GcsStore::httpDate).orElse(null),
                headers.firstValue("Content-Type").orElse(null)));
    }

    @Override
    public InputStream read(String key) throws StoreException {
        return calls.content(ask("GET", "read", key, Map.of()));
    }

    @Override
    public InputStream read(String key, long from, long to) throws StoreException {
        var range = Map.of("Range", "bytes=" + from + "-" + to);
        var answer = send("GET", "read", key, Map.of(), range, BodyPublishers.noBody(), 0);
        return calls.content(accepted("read", key, answer));
    }

    private static Map<String, String> headers(PutOptions options) {
        var headers = new LinkedHashMap<String, String>();
        if (options.contentType() != null) {
            headers.put("Content-Type", options.contentType());
        }
        if (options.md5() != null) {
            headers.put("Content-MD5", options.md5());
        }
        if (options.crc64() != null) {
            headers.put(CRC64, options.crc64());
        }
        return headers;
    }

    @Override
    public StoredObject put(String key, PutOptions options, InputStream content, long sizeBytes) throws StoreException {
        var answer = accepted(
                "write",
                key,
                send("PUT", "write", key, Map.of(), headers(options), HttpCalls.body(content, sizeBytes), sizeBytes));
        HttpCalls.done(answer);
        var etag = plain(answer.headers().firstValue("ETag").orElse(""));
        return new StoredObject(key, sizeBytes, etag, options.crc64(), null, options.contentType());
    }

    @Override
    public Page page(PageRequest wanted) throws StoreException {
        var query = new TreeMap<String, String>(Map.of(
                "list-type",
                "2",
                "encoding-type",
                "url",
                "prefix",
                wanted.prefix(),
                "max-keys",
                Integer.toString(wanted.limit())));
        if (wanted.delimiter() != null) {
            query.put("delimiter", wanted.delimiter());
        }
        if (wanted.after() != null) {
            query.put("continuation-token", wanted.after());
        }
        var what = "list objects below \"" + wanted.prefix() + "\" of";
        var root = Documents.parse(where(what, ""), calls.content(ask("GET", what, "", query)));
        var objects = Documents.all(root, "Contents").stream()
                .map(entry -> new StoredObject(
                        Documents.key(entry, "Key"),
                        Long.parseLong(Documents.text(entry, "Size")),
                        plain(Documents.text(entry, "ETag")),
                        null,
                        time(Documents.text(entry, "LastModified")),
                        null))
                .toList();
        var directories = Documents.all(root, "CommonPrefixes").stream()
                .map(entry -> Documents.key(entry, "Prefix"))
                .toList();
        boolean more = Documents.text(root, "IsTruncated").equals("true");
        return new Page(objects, directories, more ? Documents.text(root, "NextContinuationToken") : null);
    }

    /** One by one, several at a time: the XML API has no request for many. */
    @Override
    public Map<String, StoreException> delete(Collection<String> keys) throws StoreException {
        return Deletions.oneByOne(keys, DELETED_AT_A_TIME, this::delete);
    }

    private void delete(String key) throws StoreException {
        var answer = send("DELETE", "delete", key, Map.of(), Map.of(), BodyPublishers.noBody(), 0);
        HttpCalls.done(answer.statusCode() == 404 ? answer : accepted("delete", key, answer));
    }

    @Override
    public SignedRequest signGet(String key, Duration validFor, GetOptions options) throws StoreException {
        var query = new TreeMap<String, String>();
        if (options.contentType() != null) {
            query.put("response-content-type", options.contentType());
        }
        if (options.contentDisposition() != null) {
            query.put("response-content-disposition", options.contentDisposition());
        }
        return sign("GET", key, query, Map.of(), validFor);
    }

    @Override
    public SignedRequest signPut(String key, PutOptions options, Duration validFor) throws StoreException {
        Objects.requireNonNull(options.md5(), "md5");
        return sign("PUT", key, Map.of(), headers(options), validFor);
    }

    @Override
    public SignedRequest signPart(String key, String uploadId, int number, String md5, Duration validFor)
            throws StoreException {
        return sign("PUT", key, part(uploadId, number), Map.of("Content-MD5", md5), validFor);
    }

    private SignedRequest sign(
            String method, String key, Map<String, String> query, Map<String, String> headers, Duration validFor)
            throws StoreException {
        var where = where("sign for", key);
        var signer = identity.signer(where);
        try {
            var url = SignedUrl.of(
                    method,
                    endpoint,
                    SignedUrl.path(bucket, key),
                    query,
                    headers,
                    signer.getAccount(),
                    clock.instant(),
                    validFor,
                    text -> HexFormat.of().formatHex(signer.sign(text.getBytes(StandardCharsets.UTF_8))));
            return new SignedRequest(url, headers);
        } catch (com.google.auth.ServiceAccountSigner.SigningException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot " + where + ": Google does not sign", e);
        }
    }

    private static Map<String, String> part(String uploadId, int number) {
        return Map.of("partNumber", Integer.toString(number), "uploadId", uploadId);
    }

    @Override
    public String beginMultipart(String key, @Nullable String contentType) throws StoreException {
        var what = "begin an upload to";
        var headers = headers(new PutOptions(contentType, null, null));
        var answer = send("POST", what, key, Map.of("uploads", ""), headers, BodyPublishers.noBody(), 0);
        var root = Documents.parse(where(what, key), calls.content(accepted(what, key, answer)));
        return Documents.text(root, "UploadId");
    }

    @Override
    public StoredPart putPart(String key, String uploadId, int number, InputStream content, long sizeBytes, String md5)
            throws StoreException {
        var what = "write part " + number + " of";
        var answer = accepted(
                what,
                key,
                send(
                        "PUT",
                        what,
                        key,
                        part(uploadId, number),
                        Map.of("Content-MD5", md5),
                        HttpCalls.body(content, sizeBytes),
                        sizeBytes));
        HttpCalls.done(answer);
        return new StoredPart(number, plain(answer.headers().firstValue("ETag").orElse("")));
    }

    @Override
    public StoredObject completeMultipart(String key, String uploadId, List<StoredPart> parts, @Nullable String crc64)
            throws StoreException {
        var document = new StringBuilder("<CompleteMultipartUpload>");
        for (var part : parts) {
            document.append("<Part><PartNumber>")
                    .append(part.number())
                    .append("</PartNumber><ETag>\"")
                    .append(part.etag().replaceAll("[^A-Za-z0-9+/=-]", ""))
                    .append("\"</ETag></Part>");
        }
        var bytes = document.append("</CompleteMultipartUpload>").toString().getBytes(StandardCharsets.UTF_8);
        var what = "complete the upload to";
        var answer = send(
                "POST",
                what,
                key,
                Map.of("uploadId", uploadId),
                Map.of("Content-Type", "application/xml"),
                HttpCalls.body(new ByteArrayInputStream(bytes), bytes.length),
                bytes.length);
        HttpCalls.done(accepted(what, key, answer));
        return head(key)
                .orElseThrow(() -> new StoreException(
                        Kind.UNAVAILABLE, "gs://" + bucket + "/" + key + " is not there right after its upload"));
    }

    @Override
    public void abortMultipart(String key, String uploadId) throws StoreException {
        var what = "abort the upload to";
        var query = Map.of("uploadId", uploadId);
        var answer = send("DELETE", what, key, query, Map.of(), BodyPublishers.noBody(), 0);
        HttpCalls.done(answer.statusCode() == 404 ? answer : accepted(what, key, answer));
    }

    @Override
    public List<HeldPart> parts(String key, String uploadId) throws StoreException {
        var what = "list the parts of the upload to";
        var parts = new ArrayList<HeldPart>();
        var marker = "";
        boolean more;
        do {
            var query = new TreeMap<>(Map.of("uploadId", uploadId, "max-parts", "1000"));
            if (!marker.isEmpty()) {
                query.put("part-number-marker", marker);
            }
            var root = Documents.parse(where(what, key), calls.content(ask("GET", what, key, query)));
            for (var part : Documents.all(root, "Part")) {
                parts.add(new HeldPart(
                        Integer.parseInt(Documents.text(part, "PartNumber")),
                        Long.parseLong(Documents.text(part, "Size")),
                        plain(Documents.text(part, "ETag"))));
            }
            marker = Documents.text(root, "NextPartNumberMarker");
            more = Documents.text(root, "IsTruncated").equals("true");
        } while (more);
        return parts;
    }

    @Override
    public void listMultipart(String prefix, Consumer<OpenUpload> visitor) throws StoreException {
        var what = "list the uploads of";
        var keyMarker = "";
        var idMarker = "";
        boolean more;
        do {
            var query = new TreeMap<>(
                    Map.of("uploads", "", "prefix", prefix, "encoding-type", "url", "max-uploads", "1000"));
            if (!keyMarker.isEmpty()) {
                query.put("key-marker", keyMarker);
                query.put("upload-id-marker", idMarker);
            }
            var root = Documents.parse(where(what, ""), calls.content(ask("GET", what, "", query)));
            for (var upload : Documents.all(root, "Upload")) {
                visitor.accept(new OpenUpload(
                        Documents.key(upload, "Key"),
                        Documents.text(upload, "UploadId"),
                        time(Documents.text(upload, "Initiated"))));
            }
            keyMarker = Documents.key(root, "NextKeyMarker");
            idMarker = Documents.text(root, "NextUploadIdMarker");
            more = Documents.text(root, "IsTruncated").equals("true");
        } while (more);
    }

    private static String plain(String etag) {
        return etag.replace("\"", "");
    }

    private static @Nullable Instant httpDate(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
