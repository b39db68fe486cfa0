package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.local.objectstore.http.HttpResponse;
import io.tiphys.local.objectstore.storage.Bucket;
import io.tiphys.local.objectstore.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Requests about buckets, and about all of them. */
final class BucketOperations {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");

    private final ObjectStoreConfig config;
    private final Storage storage;

    BucketOperations(ObjectStoreConfig config, Storage storage) {
        this.config = config;
        this.storage = storage;
    }

    HttpResponse list(OssRequest request) {
        if (!request.http().method().equals("GET")) {
            throw methodNotAllowed(request);
        }
        Xml xml = owner(new Xml().open("ListAllMyBucketsResult")).open("Buckets");
        for (Bucket bucket : storage.buckets()) {
            if (bucket.name().startsWith(request.parameter("prefix", ""))) {
                describe(xml.open("Bucket"), bucket).close("Bucket");
            }
        }
        return HttpResponse.xml(
                200, xml.close("Buckets").close("ListAllMyBucketsResult").toString());
    }

    HttpResponse answer(OssRequest request, ObjectOperations objects, MultipartOperations multipart)
            throws IOException {
        return switch (request.http().method()) {
            case "PUT" ->
                request.has("lifecycle")
                        ? putLifecycle(request)
                        : request.has("acl") ? putAcl(request) : create(request);
            case "DELETE" -> request.has("lifecycle") ? deleteLifecycle(request) : delete(request);
            case "POST" -> {
                if (!request.has("delete")) {
                    throw methodNotAllowed(request);
                }
                yield objects.deleteMany(existing(request), request);
            }
            case "GET", "HEAD" -> read(request, multipart);
            default -> throw methodNotAllowed(request);
        };
    }

    private HttpResponse read(OssRequest request, MultipartOperations multipart) {
        Bucket bucket = existing(request);
        if (request.has("acl")) {
            return HttpResponse.xml(200, acl());
        }
        if (request.has("location")) {
            return HttpResponse.xml(
                    200,
                    new Xml()
                            .element("LocationConstraint", "oss-" + config.region())
                            .toString());
        }
        if (request.has("lifecycle")) {
            String rules = bucket.lifecycle();
            if (rules == null) {
                throw new OssException(404, "NoSuchLifecycle", "No Row found in Lifecycle Table.");
            }
            return HttpResponse.xml(200, rules);
        }
        if (request.has("bucketInfo")) {
            Xml xml = describe(new Xml().open("BucketInfo").open("Bucket"), bucket);
            owner(xml).open("AccessControlList").element("Grant", "private").close("AccessControlList");
            return HttpResponse.xml(200, xml.close("Bucket").close("BucketInfo").toString());
        }
        if (request.has("stat")) {
            return HttpResponse.xml(200, stat(bucket));
        }
        if (request.has("versioning")) {
            return HttpResponse.xml(
                    200,
                    new Xml()
                            .open("VersioningConfiguration")
                            .close("VersioningConfiguration")
                            .toString());
        }
        if (request.has("uploads")) {
            return multipart.listUploads(bucket, request);
        }
        return new Listing(bucket, request).answer();
    }

    private HttpResponse create(OssRequest request) throws IOException {
        if (!NAME.matcher(request.bucket()).matches()) {
            throw new OssException(
                    400,
                    "InvalidBucketName",
                    "A bucket's name has 3 to 63 lower-case letters, digits and inner hyphens; \"" + request.bucket()
                            + "\" is none.");
        }
        storage.createBucket(request.bucket(), config.clock().millis());
        return HttpResponse.of(200).with("Location", "/" + request.bucket());
    }

    private HttpResponse delete(OssRequest request) throws IOException {
        if (!storage.deleteBucket(existing(request).name())) {
            throw new OssException(
                    409,
                    "BucketNotEmpty",
                    "The bucket you tried to delete holds objects or unfinished uploads: " + request.bucket());
        }
        return HttpResponse.of(204);
    }

    private HttpResponse putAcl(OssRequest request) {
        existing(request);
        return HttpResponse.of(200);
    }

    private HttpResponse putLifecycle(OssRequest request) throws IOException {
        Bucket bucket = existing(request);
        byte[] document = request.http().body().readNBytes(1 << 20);
        LifecycleRule.parseAll(document);
        storage.setLifecycle(bucket.name(), new String(document, StandardCharsets.UTF_8));
        return HttpResponse.of(200);
    }

    private HttpResponse deleteLifecycle(OssRequest request) throws IOException {
        storage.setLifecycle(existing(request).name(), null);
        return HttpResponse.of(204);
    }

    private Bucket existing(OssRequest request) {
        Bucket bucket = storage.bucket(request.bucket());
        if (bucket == null) {
            throw OssException.noSuchBucket(request.bucket());
        }
        return bucket;
    }

    private Xml describe(Xml xml, Bucket bucket) {
        return xml.element("Name", bucket.name())
                .element("Location", "oss-" + config.region())
                .element("Region", config.region())
                .time("CreationDate", bucket.created())
                .element("StorageClass", "Standard")
                .element("ExtranetEndpoint", config.host())
                .element("IntranetEndpoint", config.host());
    }

    private static String stat(Bucket bucket) {
        long bytes = bucket.objects().values().stream()
                .mapToLong(object -> object.size())
                .sum();
        return new Xml()
                .open("BucketStat")
                .element("Storage", bytes)
                .element("ObjectCount", bucket.objects().size())
                .element("MultipartUploadCount", 0)
                .close("BucketStat")
                .toString();
    }

    static String acl() {
        return owner(new Xml().open("AccessControlPolicy"))
                .open("AccessControlList")
                .element("Grant", "private")
                .close("AccessControlList")
                .close("AccessControlPolicy")
                .toString();
    }

    static Xml owner(Xml xml) {
        return xml.open("Owner")
                .element("ID", "tiphys")
                .element("DisplayName", "tiphys")
                .close("Owner");
    }

    static OssException methodNotAllowed(OssRequest request) {
        return new OssException(
                405,
                "MethodNotAllowed",
                "The method " + request.http().method() + " is not allowed against this resource.");
    }
}
