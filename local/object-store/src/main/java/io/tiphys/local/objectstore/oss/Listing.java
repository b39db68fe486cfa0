package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.http.HttpResponse;
import io.tiphys.local.objectstore.http.Percent;
import io.tiphys.local.objectstore.storage.Bucket;
import io.tiphys.local.objectstore.storage.Keys;
import io.tiphys.local.objectstore.storage.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** One page of a bucket: GetBucket (V1) and ListObjectsV2. Keys that share a prefix up to the delimiter appear as one. */
final class Listing {
    /** Sorts behind all keys with the same beginning that anybody uses. */
    private static final String LAST = Character.toString(Character.MAX_CODE_POINT);

    private final Bucket bucket;
    private final OssRequest request;
    private final boolean v2;
    private final String prefix;
    private final String delimiter;
    private final int maxKeys;
    private final boolean encoded;
    private final List<StoredObject> contents = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private boolean truncated;
    private String last = "";

    Listing(Bucket bucket, OssRequest request) {
        this.bucket = bucket;
        this.request = request;
        this.v2 = request.parameter("list-type", "").equals("2");
        this.prefix = request.parameter("prefix", "");
        this.delimiter = request.parameter("delimiter", "");
        this.maxKeys = request.number("max-keys", 100, 1, 1000);
        this.encoded = request.parameter("encoding-type", "").equals("url");
    }

    HttpResponse answer() {
        collect(after());
        Xml xml = new Xml().open("ListBucketResult");
        xml.element("Name", bucket.name()).element("Prefix", text(prefix)).element("MaxKeys", maxKeys);
        xml.element("Delimiter", text(delimiter)).element("IsTruncated", truncated);
        if (encoded) {
            xml.element("EncodingType", "url");
        }
        if (v2) {
            headV2(xml);
        } else {
            xml.element("Marker", text(request.parameter("marker", "")));
            if (truncated) {
                xml.element("NextMarker", text(last));
            }
        }
        contents.forEach(object -> describe(xml, object));
        for (String common : commonPrefixes) {
            xml.open("CommonPrefixes").element("Prefix", text(common)).close("CommonPrefixes");
        }
        return HttpResponse.xml(200, xml.close("ListBucketResult").toString());
    }

    private void headV2(Xml xml) {
        xml.element("KeyCount", contents.size() + commonPrefixes.size());
        if (request.has("start-after")) {
            xml.element("StartAfter", text(request.parameter("start-after", "")));
        }
        if (request.has("continuation-token")) {
            xml.element("ContinuationToken", request.parameter("continuation-token", ""));
        }
        if (truncated) {
            xml.element(
                    "NextContinuationToken",
                    Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** The key or common prefix after which the page starts. */
    private String after() {
        if (!v2) {
            return request.parameter("marker", "");
        }
        String token = request.parameter("continuation-token", "");
        if (token.isEmpty()) {
            return request.parameter("start-after", "");
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw OssException.invalidArgument("The continuation-token is not one of ours: " + token);
        }
    }

    private void collect(String after) {
        boolean fromPrefix = Keys.ORDER.compare(after, prefix) < 0;
        Map.Entry<String, StoredObject> entry = fromPrefix
                ? bucket.objects().ceilingEntry(prefix)
                : bucket.objects().higherEntry(after);
        while (entry != null && entry.getKey().startsWith(prefix)) {
            String key = entry.getKey();
            int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            String common = cut < 0 ? "" : key.substring(0, cut + delimiter.length());
            if (cut >= 0 && common.equals(after)) {
                entry = behind(common);
                continue;
            }
            if (contents.size() + commonPrefixes.size() == maxKeys) {
                truncated = true;
                return;
            }
            if (cut < 0) {
                contents.add(entry.getValue());
                last = key;
                entry = bucket.objects().higherEntry(key);
            } else {
                commonPrefixes.add(common);
                last = common;
                entry = behind(common);
            }
        }
    }

    private Map.Entry<String, StoredObject> behind(String common) {
        Map.Entry<String, StoredObject> entry = bucket.objects().higherEntry(common + LAST);
        while (entry != null && entry.getKey().startsWith(common)) {
            entry = bucket.objects().higherEntry(entry.getKey());
        }
        return entry;
    }

    private void describe(Xml xml, StoredObject object) {
        xml.open("Contents").element("Key", text(object.key())).time("LastModified", object.modified());
        xml.element("ETag", '"' + object.etag() + '"')
                .element("Type", object.type())
                .element("Size", object.size());
        xml.element("StorageClass", "Standard");
        if (!v2 || request.parameter("fetch-owner", "").equals("true")) {
            BucketOperations.owner(xml);
        }
        xml.close("Contents");
    }

    private String text(String keyOrPrefix) {
        return encoded ? Percent.encode(keyOrPrefix, false) : keyOrPrefix;
    }
}
