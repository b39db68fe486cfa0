package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.local.objectstore.http.HttpResponse;
import io.tiphys.local.objectstore.http.Percent;
import io.tiphys.local.objectstore.storage.Bucket;
import io.tiphys.local.objectstore.storage.Content;
import io.tiphys.local.objectstore.storage.Pin;
import io.tiphys.local.objectstore.storage.Storage;
import io.tiphys.local.objectstore.storage.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.w3c.dom.Element;

/** Requests about one object, and the deletion of many. */
final class ObjectOperations {
    static final long MAX_PUT_BYTES = 5L << 30;
    private static final int MAX_DELETE_KEYS = 1000;
    private static final int MAX_DELETE_BYTES = 4 << 20;

    private final ObjectStoreConfig config;
    private final Storage storage;

    ObjectOperations(ObjectStoreConfig config, Storage storage) {
        this.config = config;
        this.storage = storage;
    }

    HttpResponse answer(OssRequest request) throws IOException {
        if (storage.bucket(request.bucket()) == null) {
            throw OssException.noSuchBucket(request.bucket());
        }
        return switch (request.http().method()) {
            case "PUT" ->
                request.has("acl")
                        ? HttpResponse.of(200)
                        : request.header("x-oss-copy-source") != null ? copy(request) : put(request);
            case "GET", "HEAD" -> get(request);
            case "DELETE" -> {
                storage.delete(request.bucket(), request.key());
                yield HttpResponse.of(204);
            }
            default -> throw BucketOperations.methodNotAllowed(request);
        };
    }

    private HttpResponse put(OssRequest request) throws IOException {
        if (!request.http().hasBody()) {
            throw new OssException(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        }
        if (request.http().contentLength() > MAX_PUT_BYTES) {
            throw new OssException(
                    400,
                    "EntityTooLarge",
                    "PutObject takes up to 5 GiB; use a multipart upload for "
                            + request.http().contentLength() + " bytes.");
        }
        Map<String, String> headers = ObjectHeaders.kept(request);
        String announced = Digests.announced(request);
        Content content = storage.receive(request.http().body());
        if (!Digests.fits(content, announced)) {
            storage.discard(content);
            throw Digests.mismatch();
        }
        StoredObject object = new StoredObject(
                request.key(),
                content.size(),
                content.md5(),
                content.crc64(),
                config.clock().millis(),
                "Normal",
                headers,
                content.blobs());
        if (!storage.put(request.bucket(), object, forbidsOverwrite(request))) {
            storage.discard(content);
            throw fileAlreadyExists(request);
        }
        return ObjectHeaders.identify(HttpResponse.of(200), object).with("Content-MD5", Digests.base64(content));
    }

    static boolean forbidsOverwrite(OssRequest request) {
        return "true".equalsIgnoreCase(request.header("x-oss-forbid-overwrite"));
    }

    private static OssException fileAlreadyExists(OssRequest request) {
        return new OssException(
                409,
                "FileAlreadyExists",
                "The object you specified already exists and can not be overwritten: " + request.key());
    }

    private HttpResponse get(OssRequest request) throws IOException {
        Pin pin = storage.pin(request.bucket(), request.key());
        if (pin == null) {
            throw OssException.noSuchKey(request.key());
        }
        try {
            return read(request, pin);
        } catch (RuntimeException e) {
            pin.close();
            throw e;
        }
    }

    private static HttpResponse read(OssRequest request, Pin pin) {
        StoredObject object = pin.object();
        if (request.has("acl")) {
            return HttpResponse.xml(200, BucketOperations.acl()).whenSent(pin::close);
        }
        Conditions.check(request, object, "");
        if (request.has("objectMeta") || request.http().method().equals("HEAD")) {
            HttpResponse response = HttpResponse.of(200).withBody(new HttpResponse.Absent(object.size()));
            return ObjectHeaders.describe(response, object).whenSent(pin::close);
        }
        boolean standard = "standard".equals(request.header("x-oss-range-behavior"));
        ByteRange range = ByteRange.of(request.header("range"), object.size(), standard);
        long offset = range == null ? 0 : range.first();
        long length = range == null ? object.size() : range.length();
        HttpResponse response = HttpResponse.of(range == null ? 200 : 206)
                .withBody(new HttpResponse.Slices(pin.slices(offset, length)))
                .whenSent(pin::close);
        ObjectHeaders.describe(response, object);
        ObjectHeaders.override(response, request);
        if (range != null) {
            response.with("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + object.size());
        }
        return response;
    }

    private HttpResponse copy(OssRequest request) throws IOException {
        OssRequest source = request.copySource();
        if (storage.bucket(source.bucket()) == null) {
            throw OssException.noSuchBucket(source.bucket());
        }
        try (Pin pin = storage.pin(source.bucket(), source.key())) {
            if (pin == null) {
                throw OssException.noSuchKey(source.key());
            }
            Conditions.check(request, pin.object(), "x-oss-copy-source-");
            boolean replace = "REPLACE".equalsIgnoreCase(request.header("x-oss-metadata-directive"));
            StoredObject copy = pin.object()
                    .as(
                            request.key(),
                            config.clock().millis(),
                            replace ? ObjectHeaders.kept(request) : pin.object().headers());
            if (!storage.put(request.bucket(), copy, forbidsOverwrite(request))) {
                throw fileAlreadyExists(request);
            }
            String document = new Xml()
                    .open("CopyObjectResult")
                    .element("ETag", '"' + copy.etag() + '"')
                    .time("LastModified", copy.modified())
                    .close("CopyObjectResult")
                    .toString();
            return HttpResponse.xml(200, document).with("x-oss-hash-crc64ecma", Long.toUnsignedString(copy.crc64()));
        }
    }

    HttpResponse deleteMany(Bucket bucket, OssRequest request) throws IOException {
        byte[] body = request.http().body().readNBytes(MAX_DELETE_BYTES);
        String announced = Digests.announced(request);
        if (announced != null && !announced.equals(Digests.md5(body))) {
            throw Digests.mismatch();
        }
        Element root = Xml.parse(body);
        List<Element> entries = Xml.children(root, "Object");
        if (entries.isEmpty() || entries.size() > MAX_DELETE_KEYS) {
            throw Xml.malformed(
                    "Delete needs 1 to " + MAX_DELETE_KEYS + " Object elements, not " + entries.size() + ".");
        }
        boolean quiet = Boolean.parseBoolean(Xml.childText(root, "Quiet"));
        boolean encoded = request.parameter("encoding-type", "").equals("url");
        List<String> deleted = new ArrayList<>();
        for (Element entry : entries) {
            String key = Xml.childText(entry, "Key");
            storage.delete(bucket.name(), key);
            deleted.add(key);
        }
        Xml xml = new Xml().open("DeleteResult");
        if (encoded) {
            xml.element("EncodingType", "url");
        }
        if (!quiet) {
            for (String key : deleted) {
                xml.open("Deleted")
                        .element("Key", encoded ? Percent.encode(key, false) : key)
                        .close("Deleted");
            }
        }
        return HttpResponse.xml(200, xml.close("DeleteResult").toString());
    }
}
