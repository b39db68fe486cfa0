package io.tiphys.cluster;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One connection of a watch: its bytes split into lines as they come. */
public final class WatchConnection implements AsyncBody.Consumer<List<ByteBuffer>>, AutoCloseable {
    /** The server doesn't know the version any more that the watch is to go on from. */
    public static final int GONE = 410;

    /** Takes a line, which is in its array only until it returns. */
    @FunctionalInterface
    public interface Lines {
        void line(byte[] bytes, int offset, int length) throws IOException;
    }

    private final Lines lines;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile @Nullable AsyncBody body;

    public WatchConnection(Lines lines) {
        this.lines = lines;
    }

    void opened(AsyncBody opened) {
        body = opened;
        var _ = opened.done().whenComplete((_, failure) -> {
            if (failure == null) {
                end.complete(null);
            } else {
                end.completeExceptionally(failure);
            }
        });
        opened.consume();
    }

    @Override
    public void consume(List<ByteBuffer> buffers, AsyncBody from) {
        try {
            for (ByteBuffer buffer : buffers) {
                split(buffer);
            }
            from.consume();
        } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
            from.cancel();
        }
    }

    private void split(ByteBuffer buffer) throws IOException {
        byte[] bytes;
        int start;
        int until;
        if (buffer.hasArray()) {
            bytes = buffer.array();
            start = buffer.arrayOffset() + buffer.position();
            until = start + buffer.remaining();
        } else {
            bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            start = 0;
            until = bytes.length;
        }
        for (int i = start; i < until; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (unfinished.size() == 0) {
                lines.line(bytes, start, i - start);
            } else {
                unfinished.write(bytes, start, i - start);
                byte[] line = unfinished.toByteArray();
                unfinished.reset();
                lines.line(line, 0, line.length);
            }
            start = i + 1;
        }
        unfinished.write(bytes, start, until - start);
    }

    /** Waits until the server has ended the connection, as it does after the time that was asked for. */
    public void awaitEnd(Duration atMost) throws IOException, InterruptedException {
        try {
            end.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the server did not end it within " + atMost.toSeconds() + " s; the connection may be dead", e);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        }
    }

    @Override
    public void close() {
        end.complete(null);
        AsyncBody open = body;
        if (open != null && !open.done().isDone()) {
            open.cancel(); // of one that has ended, it would break whatever request has got the connection since
        }
    }
}
