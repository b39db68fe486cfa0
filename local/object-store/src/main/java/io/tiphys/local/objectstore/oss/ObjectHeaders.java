package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.http.HttpResponse;
import io.tiphys.local.objectstore.storage.StoredObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The headers that an object keeps, and those that tell about it. */
final class ObjectHeaders {
    private static final String META = "x-oss-meta-";
    private static final int MAX_META_BYTES = 8 * 1024;
    private static final List<String> KEPT = List.of(
            "content-type", "content-encoding", "content-disposition", "content-language", "cache-control", "expires");

    private ObjectHeaders() {}

    /** What an upload's headers say that a later download shall repeat. */
    static Map<String, String> kept(OssRequest request) {
        Map<String, String> kept = new HashMap<>();
        int metaBytes = 0;
        for (var header : request.http().headers().entrySet()) {
            if (header.getKey().startsWith(META)) {
                metaBytes += header.getKey().length() + header.getValue().length();
                kept.put(header.getKey(), header.getValue());
            } else if (KEPT.contains(header.getKey())) {
                kept.put(header.getKey(), header.getValue());
            }
        }
        if (metaBytes > MAX_META_BYTES) {
            throw OssException.invalidArgument(
                    "User metadata has " + metaBytes + " bytes; " + MAX_META_BYTES + " are allowed.");
        }
        kept.putIfAbsent("content-type", "application/octet-stream");
        return kept;
    }

    static HttpResponse describe(HttpResponse response, StoredObject object) {
        object.headers().forEach(response::with);
        response.with("x-oss-object-type", object.type())
                .with("x-oss-storage-class", "Standard")
                .with("Accept-Ranges", "bytes");
        return identify(response, object);
    }

    static HttpResponse identify(HttpResponse response, StoredObject object) {
        return response.with("ETag", '"' + object.etag() + '"')
                .with("x-oss-hash-crc64ecma", Long.toUnsignedString(object.crc64()))
                .with("Last-Modified", httpDate(object.modified()));
    }

    static void override(HttpResponse response, OssRequest request) {
        for (String name : KEPT) {
            String value = request.query().get("response-" + name);
            if (value != null) {
                response.with(name, value);
            }
        }
    }

    static String httpDate(long millis) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC));
    }
}
