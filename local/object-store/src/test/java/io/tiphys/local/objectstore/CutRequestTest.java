package io.tiphys.local.objectstore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.aliyun.oss.HttpMethod;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.model.GeneratePresignedUrlRequest;
import com.aliyun.oss.model.InitiateMultipartUploadRequest;
import com.aliyun.oss.model.ListPartsRequest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sender that goes away in the middle of its body. */
class CutRequestTest {
    private static final String BUCKET = "bucket";
    private static final int ANNOUNCED = 1_000_000;

    @TempDir
    Path dir;

    private ObjectStore store;
    private OSS oss;

    @BeforeEach
    void start() throws IOException {
        store = ObjectStore.start(ObjectStoreConfig.in(dir, "id", "secret").withBuckets(BUCKET));
        oss = new OSSClientBuilder().build(store.endpoint().toString(), "id", "secret");
    }

    @AfterEach
    void stop() throws IOException {
        oss.shutdown();
        store.close();
    }

    /** Announces a body, sends half of it, and reads until the store has closed the connection. */
    private static void sendHalf(URL url) throws Exception {
        URI uri = url.toURI();
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            var out = socket.getOutputStream();
            out.write("PUT %s?%s HTTP/1.1\r\nHost: %s:%d\r\nContent-Length: %d\r\n\r\n"
                    .formatted(uri.getRawPath(), uri.getRawQuery(), uri.getHost(), uri.getPort(), ANNOUNCED)
                    .getBytes(US_ASCII));
            out.write(new byte[ANNOUNCED / 2]);
            socket.shutdownOutput();
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .doesNotContain("200 OK");
        }
    }

    private static GeneratePresignedUrlRequest put(String key) {
        var request = new GeneratePresignedUrlRequest(BUCKET, key, HttpMethod.PUT);
        request.setExpiration(Date.from(Instant.now().plusSeconds(600)));
        return request;
    }

    @Test
    void leavesNoObject() throws Exception {
        sendHalf(oss.generatePresignedUrl(put("key")));

        assertThat(oss.doesObjectExist(BUCKET, "key")).isFalse();
    }

    @Test
    void leavesNoPart() throws Exception {
        String id = oss.initiateMultipartUpload(new InitiateMultipartUploadRequest(BUCKET, "key"))
                .getUploadId();
        var request = put("key");
        request.addQueryParameter("partNumber", "1");
        request.addQueryParameter("uploadId", id);

        sendHalf(oss.generatePresignedUrl(request));

        assertThat(oss.listParts(new ListPartsRequest(BUCKET, "key", id)).getParts())
                .isEmpty();
    }
}
