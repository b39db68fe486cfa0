package io.tiphys.executor.http;

import io.tiphys.executor.emissary.EmissaryGoneException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A request's body of known length, read piece by piece as the connection takes it. The JDK's own publisher of streams does the same in
 * pieces of 16 KiB and keeps to itself why a stream failed.
 */
final class PulledBody implements BodyPublisher {
    private static final int PIECE_BYTES = 64 * 1024;

    private final ObjectClient.Body body;
    private final long length;
    private volatile @Nullable IOException failure;

    PulledBody(ObjectClient.Body body, long length) {
        this.body = body;
        this.length = length;
    }

    @Override
    public long contentLength() {
        return length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Pulling(subscriber));
    }

    /** Throws what went wrong with the content's source, if anything did for good. */
    void rethrowFailure() throws IOException {
        var e = failure;
        if (e instanceof FileSystemException || e instanceof EmissaryGoneException || e instanceof PermanentException) {
            throw e;
        }
    }

    private final class Pulling implements Flow.Subscription {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private @Nullable InputStream in;
        private long left = length;
        private long wanted;
        private boolean emitting;
        private boolean over;

        Pulling(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long pieces) {
            synchronized (this) {
                wanted = Math.max(wanted, wanted + pieces); // does not overflow
                if (emitting) {
                    return;
                }
                emitting = true;
            }
            while (mayEmit()) {
                try {
                    var piece = next();
                    if (piece != null) {
                        subscriber.onNext(piece);
                    }
                    if (left == 0) {
                        end();
                        subscriber.onComplete();
                    }
                } catch (IOException e) {
                    failure = e;
                    end();
                    subscriber.onError(e);
                }
            }
        }

        private synchronized boolean mayEmit() {
            if (over || wanted == 0) {
                emitting = false;
                if (over) {
                    close();
                }
                return false;
            }
            wanted--;
            return true;
        }

        private @Nullable ByteBuffer next() throws IOException {
            if (left == 0) {
                return null;
            }
            var from = in;
            if (from == null) {
                from = body.open();
                in = from;
            }
            var piece = new byte[(int) Math.min(PIECE_BYTES, left)];
            int n = from.readNBytes(piece, 0, piece.length);
            left -= n;
            if (n < piece.length) {
                throw new IOException("the content ended " + left + " bytes early");
            }
            if (left == 0 && from.read() >= 0) { // also where a reader finds out that what it read doesn't count
                throw new IOException("the content is longer than it was");
            }
            return ByteBuffer.wrap(piece);
        }

        private synchronized void end() {
            over = true;
            close();
        }

        @Override
        public synchronized void cancel() {
            over = true;
            if (!emitting) {
                close();
            }
        }

        private void close() {
            var from = in;
            in = null;
            if (from != null) {
                try {
                    from.close();
                } catch (IOException e) {
                    failure = failure == null ? e : failure;
                }
            }
        }
    }
}
