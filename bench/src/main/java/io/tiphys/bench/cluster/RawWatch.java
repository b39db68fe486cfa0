package io.tiphys.bench.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A watch that hands on each event's line as it comes, without making an object of it: it must not cost what it measures. A server
 * that finds it too slow ends it; it begins anew then, and what there is comes once more.
 */
final class RawWatch implements AutoCloseable {
    private final KubernetesClient client;
    private final String url;
    private final Consumer<String> lines;
    private volatile boolean closed;
    private volatile @Nullable AsyncBody body;

    private RawWatch(KubernetesClient client, String path, Consumer<String> lines) {
        this.client = client;
        this.url = client.getMasterUrl().toString().replaceAll("/$", "") + path + "&watch=1&timeoutSeconds=7200";
        this.lines = lines;
    }

    /**
     * Watches from now on.
     *
     * @param path with query, such as {@code /api/v1/pods?labelSelector=a%3Db}
     * @param lines gets each event as JSON, one after the other, some of them again
     */
    static RawWatch open(KubernetesClient client, String path, Consumer<String> lines) throws InterruptedException {
        RawWatch watch = new RawWatch(client, path, lines);
        CompletableFuture<Void> end = watch.connect();
        Thread.ofVirtual().name("raw-watch").start(() -> watch.keepOpen(end));
        return watch;
    }

    private void keepOpen(CompletableFuture<Void> first) {
        CompletableFuture<Void> end = first;
        try {
            while (!closed) {
                try {
                    end.get();
                } catch (ExecutionException | CancellationException e) {
                    if (!closed) {
                        System.err.println("a watch broke, and begins anew: " + e);
                    }
                }
                if (!closed) {
                    end = connect();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its end. */
    private CompletableFuture<Void> connect() throws InterruptedException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        var response = client.getHttpClient()
                .consumeBytes(
                        client.getHttpClient()
                                .newHttpRequestBuilder()
                                .uri(url)
                                .forStreaming()
                                .build(),
                        (buffers, from) -> {
                            split(buffers, line, lines);
                            from.consume();
                        });
        try {
            var answer = response.get();
            if (!answer.isSuccessful()) {
                throw new IllegalStateException("watch of " + url + " was answered " + answer.code());
            }
            body = answer.body();
            answer.body().consume();
            return answer.body().done();
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
        closed = true;
        AsyncBody open = body;
        if (open != null && !open.done().isDone()) {
            open.cancel(); // of one that has ended, it would break whatever request has got the connection since
        }
    }
}
