package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.local.objectstore.http.HttpResponse;
import io.tiphys.local.objectstore.http.Percent;
import io.tiphys.local.objectstore.storage.Blob;
import io.tiphys.local.objectstore.storage.Bucket;
import io.tiphys.local.objectstore.storage.Content;
import io.tiphys.local.objectstore.storage.Crc64;
import io.tiphys.local.objectstore.storage.Keys;
import io.tiphys.local.objectstore.storage.Part;
import io.tiphys.local.objectstore.storage.Pin;
import io.tiphys.local.objectstore.storage.Storage;
import io.tiphys.local.objectstore.storage.StoredObject;
import io.tiphys.local.objectstore.storage.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.w3c.dom.Element;

/** Multipart uploads. Completing one copies nothing: the object is the list of its parts. */
final class MultipartOperations {
    private static final int MAX_PARTS = 10_000;
    private static final long MIN_PART_BYTES = 100 * 1024;
    private static final int MAX_DOCUMENT = 4 << 20;

    private final ObjectStoreConfig config;
    private final Storage storage;

    MultipartOperations(ObjectStoreConfig config, Storage storage) {
        this.config = config;
        this.storage = storage;
    }

    HttpResponse answer(OssRequest request) throws IOException {
        if (storage.bucket(request.bucket()) == null) {
            throw OssException.noSuchBucket(request.bucket());
        }
        String method = request.http().method();
        if (request.has("uploads") && method.equals("POST")) {
            return initiate(request);
        }
        Upload upload = existing(request);
        return switch (method) {
            case "PUT" ->
                request.header("x-oss-copy-source") != null ? copyPart(upload, request) : putPart(upload, request);
            case "POST" -> complete(upload, request);
            case "GET" -> listParts(upload, request);
            case "DELETE" -> {
                if (!storage.abortUpload(upload.id())) {
                    throw OssException.noSuchUpload(upload.id());
                }
                yield HttpResponse.of(204);
            }
            default -> throw BucketOperations.methodNotAllowed(request);
        };
    }

    private Upload existing(OssRequest request) {
        String id = request.parameter("uploadId", "");
        Upload upload = storage.upload(id);
        if (upload == null
                || !upload.bucket().equals(request.bucket())
                || !upload.key().equals(request.key())) {
            throw OssException.noSuchUpload(id);
        }
        return upload;
    }

    private HttpResponse initiate(OssRequest request) throws IOException {
        Upload upload = storage.startUpload(
                request.bucket(), request.key(), config.clock().millis(), ObjectHeaders.kept(request));
        Xml xml = new Xml().open("InitiateMultipartUploadResult").element("Bucket", upload.bucket());
        return HttpResponse.xml(
                200,
                key(xml, request, upload.key())
                        .element("UploadId", upload.id())
                        .close("InitiateMultipartUploadResult")
                        .toString());
    }

    private HttpResponse putPart(Upload upload, OssRequest request) throws IOException {
        if (!request.http().hasBody()) {
            throw new OssException(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        }
        int number = request.number("partNumber", 0, 1, MAX_PARTS);
        String announced = Digests.announced(request);
        Content content = storage.receive(request.http().body());
        if (!Digests.fits(content, announced)) {
            storage.discard(content);
            throw Digests.mismatch();
        }
        return identify(HttpResponse.of(200), store(upload, number, content));
    }

    private HttpResponse copyPart(Upload upload, OssRequest request) throws IOException {
        int number = request.number("partNumber", 0, 1, MAX_PARTS);
        OssRequest source = request.copySource();
        try (Pin pin = storage.pin(source.bucket(), source.key())) {
            if (pin == null) {
                throw OssException.noSuchKey(source.key());
            }
            Conditions.check(request, pin.object(), "x-oss-copy-source-");
            ByteRange range = ByteRange.of(
                    request.header("x-oss-copy-source-range"), pin.object().size(), true);
            Part part;
            try (InputStream stream = pin.stream(
                    range == null ? 0 : range.first(),
                    range == null ? pin.object().size() : range.length())) {
                part = store(upload, number, storage.receive(stream));
            }
            String document = new Xml()
                    .open("CopyPartResult")
                    .time("LastModified", part.modified())
                    .element("ETag", '"' + part.etag() + '"')
                    .close("CopyPartResult")
                    .toString();
            return identify(HttpResponse.xml(200, document), part);
        }
    }

    private Part store(Upload upload, int number, Content content) throws IOException {
        Part part = new Part(
                number,
                content.blobs().getFirst(),
                content.md5(),
                content.crc64(),
                config.clock().millis());
        if (!storage.putPart(upload.id(), part)) {
            throw OssException.noSuchUpload(upload.id());
        }
        return part;
    }

    private static HttpResponse identify(HttpResponse response, Part part) {
        return response.with("ETag", '"' + part.etag() + '"')
                .with("x-oss-hash-crc64ecma", Long.toUnsignedString(part.crc64()));
    }

    private HttpResponse complete(Upload upload, OssRequest request) throws IOException {
        List<Part> parts = wanted(upload, request);
        long size = 0;
        long crc = 0;
        List<Blob> blobs = new ArrayList<>();
        for (Part part : parts) {
            crc = Crc64.combine(crc, part.crc64(), part.blob().size());
            size += part.blob().size();
            blobs.add(part.blob());
        }
        if (ObjectOperations.forbidsOverwrite(request) && exists(upload)) {
            throw new OssException(
                    409, "FileAlreadyExists", "The object you specified already exists: " + upload.key());
        }
        StoredObject object = new StoredObject(
                upload.key(),
                size,
                Storage.etagOfParts(parts),
                crc,
                config.clock().millis(),
                "Multipart",
                upload.headers(),
                blobs);
        if (!storage.completeUpload(upload.id(), object)) {
            throw OssException.noSuchUpload(upload.id());
        }
        Xml xml = new Xml().open("CompleteMultipartUploadResult");
        xml.element(
                "Location", "http://" + request.header("host") + request.http().rawPath());
        key(xml.element("Bucket", upload.bucket()), request, upload.key()).element("ETag", '"' + object.etag() + '"');
        return ObjectHeaders.identify(
                HttpResponse.xml(200, xml.close("CompleteMultipartUploadResult").toString()), object);
    }

    private boolean exists(Upload upload) {
        Bucket bucket = storage.bucket(upload.bucket());
        return bucket != null && bucket.objects().containsKey(upload.key());
    }

    /** The parts that the client lists, or all that there are if it says so; in ascending order, each as it was uploaded. */
    private static List<Part> wanted(Upload upload, OssRequest request) throws IOException {
        byte[] body = request.http().body().readNBytes(MAX_DOCUMENT);
        List<Part> parts = new ArrayList<>();
        if ("yes".equals(request.header("x-oss-complete-all"))) {
            parts.addAll(upload.parts().values());
        } else {
            int previous = 0;
            for (Element entry : Xml.children(Xml.parse(body), "Part")) {
                Part part = listed(upload, entry);
                if (part.number() <= previous) {
                    throw new OssException(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
                }
                previous = part.number();
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            throw Xml.malformed("CompleteMultipartUpload needs at least one Part.");
        }
        for (Part part : parts.subList(0, parts.size() - 1)) {
            if (part.blob().size() < MIN_PART_BYTES) {
                throw new OssException(
                        400,
                        "EntityTooSmall",
                        "Part " + part.number() + " has " + part.blob().size() + " bytes; all but the last need "
                                + MIN_PART_BYTES + ".");
            }
        }
        return parts;
    }

    private static Part listed(Upload upload, Element entry) {
        String number = Xml.childText(entry, "PartNumber").trim();
        String etag = Xml.childText(entry, "ETag").trim().replace("\"", "");
        Part part = number.matches("\\d{1,5}") ? upload.parts().get(Integer.valueOf(number)) : null;
        if (part == null || !part.etag().equalsIgnoreCase(etag)) {
            throw new OssException(
                    400,
                    "InvalidPart",
                    "Part " + number + " was not uploaded, or with another ETag than " + etag + ".");
        }
        return part;
    }

    private static HttpResponse listParts(Upload upload, OssRequest request) {
        int marker = request.number("part-number-marker", 0, 0, MAX_PARTS);
        int max = request.number("max-parts", 1000, 1, 1000);
        List<Part> parts = upload.parts().tailMap(marker, false).values().stream()
                .limit(max)
                .toList();
        int next = parts.isEmpty() ? marker : parts.getLast().number();
        Xml xml = new Xml().open("ListPartsResult").element("Bucket", upload.bucket());
        key(xml, request, upload.key()).element("UploadId", upload.id()).element("StorageClass", "Standard");
        xml.element("PartNumberMarker", marker)
                .element("NextPartNumberMarker", next)
                .element("MaxParts", max);
        xml.element("IsTruncated", upload.parts().higherKey(next) != null);
        for (Part part : parts) {
            xml.open("Part").element("PartNumber", part.number()).time("LastModified", part.modified());
            xml.element("ETag", '"' + part.etag() + '"').element("HashCrc64ecma", Long.toUnsignedString(part.crc64()));
            xml.element("Size", part.blob().size()).close("Part");
        }
        return HttpResponse.xml(200, xml.close("ListPartsResult").toString());
    }

    HttpResponse listUploads(Bucket bucket, OssRequest request) {
        String prefix = request.parameter("prefix", "");
        String keyMarker = request.parameter("key-marker", "");
        String idMarker = request.parameter("upload-id-marker", "");
        int max = request.number("max-uploads", 1000, 1, 1000);
        List<Upload> uploads = storage.uploads(bucket.name())
                .filter(upload -> upload.key().startsWith(prefix) && isBehind(upload, keyMarker, idMarker))
                .limit(max + 1L)
                .toList();
        boolean truncated = uploads.size() > max;
        uploads = truncated ? uploads.subList(0, max) : uploads;
        boolean encoded = request.parameter("encoding-type", "").equals("url");
        Xml xml = new Xml().open("ListMultipartUploadsResult").element("Bucket", bucket.name());
        if (encoded) {
            xml.element("EncodingType", "url");
        }
        xml.element("Prefix", encoded ? Percent.encode(prefix, false) : prefix);
        xml.element("KeyMarker", encoded ? Percent.encode(keyMarker, false) : keyMarker);
        xml.element("UploadIdMarker", idMarker).element("MaxUploads", max).element("IsTruncated", truncated);
        String next = truncated ? uploads.getLast().key() : "";
        xml.element("NextKeyMarker", encoded ? Percent.encode(next, false) : next);
        xml.element("NextUploadIdMarker", truncated ? uploads.getLast().id() : "");
        for (Upload upload : uploads) {
            xml.open("Upload").element("Key", encoded ? Percent.encode(upload.key(), false) : upload.key());
            xml.element("UploadId", upload.id()).element("StorageClass", "Standard");
            xml.time("Initiated", upload.initiated()).close("Upload");
        }
        return HttpResponse.xml(200, xml.close("ListMultipartUploadsResult").toString());
    }

    private static boolean isBehind(Upload upload, String keyMarker, String idMarker) {
        int order = Keys.ORDER.compare(upload.key(), keyMarker);
        return order > 0 || (order == 0 && !idMarker.isEmpty() && upload.id().compareTo(idMarker) > 0);
    }

    private static Xml key(Xml xml, OssRequest request, String key) {
        boolean encoded = request.parameter("encoding-type", "").equals("url");
        if (encoded) {
            xml.element("EncodingType", "url");
        }
        return xml.element("Key", encoded ? Percent.encode(key, false) : key);
    }
}
