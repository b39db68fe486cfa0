package io.tiphys.bench.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** A watch that hands on each event's line as it comes, without making an object of it: it must not cost what it measures. */
final class RawWatch implements AutoCloseable {
    private final CompletableFuture<AsyncBody> body;

    private RawWatch(CompletableFuture<AsyncBody> body) {
        this.body = body;
    }

    /**
     * Watches from now on.
     *
     * @param path with query, such as {@code /api/v1/pods?labelSelector=a%3Db}
     * @param lines gets each event as JSON, one after the other
     */
    static RawWatch open(KubernetesClient client, String path, Consumer<String> lines) throws InterruptedException {
        String url = client.getMasterUrl().toString().replaceAll("/$", "") + path + "&watch=1&timeoutSeconds=7200";
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        var response = client.getHttpClient()
                .consumeBytes(
                        client.getHttpClient()
                                .newHttpRequestBuilder()
                                .uri(url)
                                .forStreaming()
                                .build(),
                        (buffers, body) -> {
                            split(buffers, line, lines);
                            body.consume();
                        });
        try {
            var answer = response.get();
            if (!answer.isSuccessful()) {
                throw new IllegalStateException("watch of " + url + " was answered " + answer.code());
            }
            answer.body().consume();
            return new RawWatch(CompletableFuture.completedFuture(answer.body()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("watch of " + url + " failed", e.getCause());
        }
    }

    private static void split(List<ByteBuffer> buffers, ByteArrayOutputStream line, Consumer<String> lines) {
        for (ByteBuffer buffer : buffers) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            int start = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    line.write(bytes, start, i - start);
                    lines.accept(line.toString(StandardCharsets.UTF_8));
                    line.reset();
                    start = i + 1;
                }
            }
            line.write(bytes, start, bytes.length - start);
        }
    }

    @Override
    public void close() {
        body.join().cancel();
    }
}
