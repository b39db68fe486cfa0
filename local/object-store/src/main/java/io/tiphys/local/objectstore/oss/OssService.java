package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.local.objectstore.http.HttpHandler;
import io.tiphys.local.objectstore.http.HttpRequest;
import io.tiphys.local.objectstore.http.HttpResponse;
import io.tiphys.local.objectstore.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Answers OSS requests: checks the signature, finds the operation, words the errors. */
public final class OssService implements HttpHandler {
    private static final List<String> UNSUPPORTED = List.of(
            "append",
            "tagging",
            "symlink",
            "restore",
            "policy",
            "website",
            "cors",
            "logging",
            "referer",
            "encryption",
            "replication",
            "inventory",
            "worm",
            "style",
            "qos",
            "versions",
            "x-oss-process");

    private final ObjectStoreConfig config;
    private final Signatures signatures;
    private final BucketOperations buckets;
    private final ObjectOperations objects;
    private final MultipartOperations multipart;

    public OssService(ObjectStoreConfig config, Storage storage) {
        this.config = config;
        this.signatures = new Signatures(config.accessKeyId(), config.accessKeySecret(), config.clock());
        this.buckets = new BucketOperations(config, storage);
        this.objects = new ObjectOperations(config, storage);
        this.multipart = new MultipartOperations(config, storage);
    }

    @Override
    public HttpResponse answer(HttpRequest http) throws IOException {
        return answer(http, true);
    }

    /** Answers a request whose signature was checked already, as one of another dialect. */
    public HttpResponse answerTrusted(HttpRequest http) throws IOException {
        return answer(http, false);
    }

    private HttpResponse answer(HttpRequest http, boolean signed) throws IOException {
        String requestId =
                UUID.randomUUID().toString().replace("-", "").substring(0, 24).toUpperCase(java.util.Locale.ROOT);
        HttpResponse response;
        try {
            response = route(OssRequest.parse(http, config.host()), signed);
        } catch (OssException e) {
            response = error(e, requestId, orEmpty(http.header("host")));
        }
        return response.with("x-oss-request-id", requestId).with("Server", "AliyunOSS");
    }

    private HttpResponse route(OssRequest request, boolean signed) throws IOException {
        if (signed) {
            signatures.check(request);
        }
        for (String parameter : UNSUPPORTED) {
            if (request.has(parameter)) {
                throw new OssException(501, "NotImplemented", "This store does not offer ?" + parameter + ".");
            }
        }
        if (request.bucket().isEmpty()) {
            return buckets.list(request);
        }
        if (request.key().isEmpty()) {
            return buckets.answer(request, objects, multipart);
        }
        if (request.has("uploads") || request.has("uploadId")) {
            return multipart.answer(request);
        }
        return objects.answer(request);
    }

    static HttpResponse error(OssException e, String requestId, String host) {
        if (e.status() == 304) {
            return HttpResponse.of(304);
        }
        String document = new Xml()
                .open("Error")
                .element("Code", e.code())
                .element("Message", e.text())
                .element("RequestId", requestId)
                .element("HostId", host)
                .close("Error")
                .toString();
        // HEAD has no body; newer SDKs read the error from this header then.
        return HttpResponse.xml(e.status(), document)
                .with("x-oss-err", Base64.getEncoder().encodeToString(document.getBytes(StandardCharsets.UTF_8)));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
