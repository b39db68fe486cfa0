package io.tiphys.executor.stage;

import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.ObjectClient.UrlRefusedException;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.Downloads.Download;
import io.tiphys.transfer.Downloads.ObjectToRead;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The presigned URLs of one artifact's objects; asks for new ones when object storage finds one too old. */
final class ObjectUrls {
    private final UploaderClient uploader;
    private final String artifact;
    private final Map<String, String> fresh = new ConcurrentHashMap<>();

    ObjectUrls(UploaderClient uploader, String artifact) {
        this.uploader = uploader;
        this.artifact = artifact;
    }

    Download ask() throws IOException {
        var download = uploader.downloads(List.of(artifact)).downloads().stream()
                .filter(d -> d.artifact().equals(artifact))
                .findFirst()
                .orElseThrow(() -> new PermanentException("the uploader gave no answer about \"" + artifact + "\""));
        download.objects().forEach(object -> fresh.put(object.relativePath(), object.url()));
        return download;
    }

    InputStream get(ObjectClient client, ObjectToRead object, long from, long to) throws IOException {
        var url = fresh.getOrDefault(object.relativePath(), object.url());
        try {
            return client.get(url, object.headers(), from, to, object.etag());
        } catch (UrlRefusedException e) {
            synchronized (this) {
                if (url.equals(fresh.get(object.relativePath()))) {
                    ask();
                }
            }
            throw e;
        }
    }
}
