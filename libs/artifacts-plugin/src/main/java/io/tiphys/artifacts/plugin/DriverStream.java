package io.tiphys.artifacts.plugin;

import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.plugin.wire.OpenStreamResponse;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Content as a driver sends it, piece by piece: it is asked for a piece when the one before is read. Ends where the driver says so or just
 * stops (Argo takes both for the end). Closing it early tells the driver. Not thread-safe.
 */
final class DriverStream extends InputStream {
    private final String what;
    private final BlockingClientCall<?, OpenStreamResponse> call;
    private final Duration silence;
    private final String configuration;
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private boolean lastPiece;
    private @Nullable StoreException failure;

    DriverStream(String what, BlockingClientCall<?, OpenStreamResponse> call, Duration silence, String configuration)
            throws StoreException {
        this.what = what;
        this.call = call;
        this.silence = silence;
        this.configuration = configuration;
        fill();
    }

    /** Sees to it that there is something to read, unless the content has ended; what has failed once never ends well. */
    private void fill() throws StoreException {
        if (failure != null) {
            throw failure;
        }
        try {
            fetch();
        } catch (StoreException e) {
            failure = e;
            close();
            throw e;
        }
    }

    private void fetch() throws StoreException {
        while (!piece.hasRemaining() && !lastPiece) {
            OpenStreamResponse next = next();
            if (next == null) {
                lastPiece = true;
                return;
            }
            if (!next.getError().isEmpty()) {
                throw Complaint.of(what, next.getError(), configuration);
            }
            piece = next.getData().asReadOnlyByteBuffer();
            if (next.getIsEnd()) {
                lastPiece = true;
                call.cancel("all was read", null);
            }
        }
    }

    private @Nullable OpenStreamResponse next() throws StoreException {
        try {
            return call.read(silence.toNanos(), TimeUnit.NANOSECONDS);
        } catch (StatusException e) {
            lastPiece = true;
            throw Complaint.of(what, e, configuration);
        } catch (TimeoutException e) {
            throw new StoreException(
                    Kind.UNAVAILABLE, what + ": the driver sent nothing for " + silence.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNAVAILABLE, what + ": interrupted", e);
        }
    }

    @Override
    public int read() throws StoreException {
        fill();
        return piece.hasRemaining() ? piece.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws StoreException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        fill();
        int n = Math.min(length, piece.remaining());
        if (n == 0) {
            return -1;
        }
        piece.get(bytes, offset, n);
        return n;
    }

    @Override
    public void close() {
        if (!lastPiece) {
            lastPiece = true;
            call.cancel("the reader has enough", null);
        }
        piece = ByteBuffer.allocate(0);
    }
}
