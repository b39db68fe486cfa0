package io.tiphys.submitter.artifacts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.tiphys.artifacts.ArtifactStore.SignedRequest;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.submitter.artifacts.Carrier.ChangedException;
import io.tiphys.submitter.artifacts.Carrier.ReaderGoneException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.impl.NetSocketInternal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One answer of a store on its way to a reader. All but {@link #await} runs on the event loop of the connection to the store, which is best that
 * of the response, too. A buffer that came is lent to the response and given back when its bytes are in the reader's socket; while too many bytes
 * are lent, nothing is read from the store.
 */
final class Passage {
    /** Of its own, as Quarkus makes Netty's so that no buffer of more than 64 KiB is kept for the next read. */
    @SuppressWarnings("deprecation") // there is no other way to say how large its pieces are: 2 MiB
    private static final ByteBufAllocator BUFFERS = new PooledByteBufAllocator(true, 0, 2, 8192, 8);

    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 5000;

    private final StoredObject object;
    private final ByteRange range;
    private final HttpServerResponse response;
    private final LongConsumer carried;
    private final Lent lent;
    private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

    private @Nullable NetSocketInternal store;
    private @Nullable EventLoop loop;
    private @Nullable Vertx vertx;
    private long timer;
    private long lastMoveNanos = System.nanoTime();
    private long missing;
    private long waiting;
    private boolean paused;
    private boolean ended;
    private @Nullable Throwable failure;

    /**
     * A passage of so much of an object.
     *
     * @param lent what all passages have lent
     * @param carried is told of each piece that is in the reader's socket
     */
    Passage(StoredObject object, ByteRange range, HttpServerResponse response, Lent lent, LongConsumer carried) {
        this.object = object;
        this.range = range;
        this.response = response;
        this.lent = lent;
        this.carried = carried;
        this.missing = range.length();
        lent.begun();
    }

    /** Blocks until all has gone or something has failed; nothing is lent to the response any more then. */
    void await() throws IOException {
        try {
            done.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case ChangedException changed -> throw changed;
                case ReaderGoneException gone -> throw gone;
                case null, default -> throw new IOException(e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while an object was read");
        }
    }

    /** Asks the store on a new connection to it. */
    void begin(NetSocket socket, SignedRequest signed, Vertx on) {
        NetSocketInternal connection = (NetSocketInternal) socket;
        store = connection;
        vertx = on;
        timer = on.setPeriodic(LOOK_MILLIS, _ -> look());
        ChannelHandlerContext channel = connection.channelHandlerContext();
        loop = channel.channel().eventLoop();
        channel.channel().config().setAllocator(BUFFERS).setRecvByteBufAllocator(new SharedReads(lent));
        channel.pipeline().addBefore("handler", "http", new HttpClientCodec(4096, 64 * 1024, Lent.LARGEST_READ_BYTES));
        connection
                .messageHandler(this::receive)
                .exceptionHandler(this::fail)
                .closeHandler(_ -> fail(new IOException("the store closed the connection")));
        connection.writeMessage(request(signed)).onFailure(this::fail);
    }

    private FullHttpRequest request(SignedRequest signed) {
        URI uri = URI.create(signed.url());
        FullHttpRequest request = new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.GET,
                uri.getRawPath() + "?" + uri.getRawQuery(),
                Unpooled.EMPTY_BUFFER);
        request.headers()
                .set(HttpHeaderNames.HOST, uri.getRawAuthority())
                .set(HttpHeaderNames.RANGE, "bytes=" + range.from() + "-" + range.to());
        signed.headers().forEach(request.headers()::set);
        return request;
    }

    private void receive(Object message) {
        try {
            if (!ended) {
                take((HttpObject) message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(HttpObject message) {
        if (message.decoderResult().isFailure()) {
            fail(message.decoderResult().cause());
            return;
        }
        lastMoveNanos = System.nanoTime();
        if (message instanceof HttpResponse head) {
            check(head);
        }
        if (!ended && message instanceof HttpContent content) {
            if (content.content().isReadable()) {
                lend(content.content().retain());
            }
            if (!ended && content instanceof LastHttpContent) {
                end(missing == 0 ? null : new IOException(missing + " bytes are missing at the end"));
            }
        }
    }

    /** An answer that isn't this part of this object has nothing to pass on. */
    private void check(HttpResponse head) {
        String etag = head.headers().get(HttpHeaderNames.ETAG, "");
        if (head.status().code() != HttpResponseStatus.PARTIAL_CONTENT.code()) {
            fail(new IOException("the store answered " + head.status()));
        } else if (!object.etag().isEmpty() && !bare(etag).equals(bare(object.etag()))) {
            fail(new ChangedException(object.key(), range.from()));
        }
    }

    private static String bare(String etag) {
        return etag.replace("\"", "");
    }

    @SuppressWarnings("deprecation") // Vert.x has no other way to send a buffer without copying it
    private void lend(ByteBuf bytes) {
        int size = bytes.readableBytes();
        missing -= size;
        waiting += size;
        lent.add(size);
        if (missing < 0) {
            returned(bytes, size);
            fail(new IOException("the store sent more than it was asked for"));
            return;
        }
        Future<Void> write;
        try {
            write = response.write(Buffer.buffer(bytes));
        } catch (RuntimeException e) {
            write = Future.failedFuture(e);
        }
        write.onComplete(written -> onLoop(() -> {
            returned(bytes, size);
            passed(size, written);
        }));
        if (waiting > lent.most() && !paused && store != null) {
            paused = true;
            store.pause();
        }
    }

    /** A response tells of its writes on its own event loop. */
    private void onLoop(Runnable task) {
        EventLoop own = Objects.requireNonNull(loop, "begun before anything is lent");
        if (own.inEventLoop()) {
            task.run();
        } else {
            own.execute(task);
        }
    }

    private void returned(ByteBuf bytes, int size) {
        bytes.release();
        waiting -= size;
        lent.add(-size);
    }

    private void passed(int size, AsyncResult<Void> written) {
        lastMoveNanos = System.nanoTime();
        if (written.succeeded()) {
            carried.accept(size);
        } else {
            end(new ReaderGoneException(written.cause()));
        }
        if (paused && waiting <= lent.most() / 2 && store != null) {
            paused = false;
            store.resume();
        }
        finish();
    }

    private void look() {
        if (!paused && System.nanoTime() - lastMoveNanos > LONGEST_SILENCE.toNanos()) {
            fail(new IOException("the store sent nothing for " + LONGEST_SILENCE.toSeconds() + " s"));
        }
    }

    /** What the response has by now still goes. */
    void fail(Throwable cause) {
        end(cause);
    }

    private void end(@Nullable Throwable cause) {
        if (!ended) {
            ended = true;
            failure = cause;
            hangUp();
        } else if (cause instanceof ReaderGoneException) {
            failure = cause;
        }
        finish();
    }

    /** What is read already and hasn't been given to us yet is let go. */
    private void hangUp() {
        if (store != null && vertx != null) {
            vertx.cancelTimer(timer);
            store.messageHandler(ReferenceCountUtil::release).closeHandler(null).resume();
            store.close();
        }
    }

    private void finish() {
        if (ended && waiting == 0 && (failure == null ? done.complete(null) : done.completeExceptionally(failure))) {
            lent.over();
        }
    }
}
