package io.tiphys.submitter.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.ArtifactStore.SignedRequest;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.submitter.artifacts.Carrier.ChangedException;
import io.tiphys.submitter.artifacts.Carrier.ReaderGoneException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RelayTest {
    private static final int SIZE = 6 * 1024 * 1024 + 3;
    private static final byte[] CONTENT = new byte[SIZE];

    static {
        new Random(3).nextBytes(CONTENT);
    }

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<@Nullable Void> result = new CompletableFuture<>();
    private final AtomicLong carried = new AtomicLong();

    @AfterEach
    void stop() {
        join(vertx.close());
    }

    /** The response is on another event loop than the connection to the store. */
    @RepeatedTest(20)
    void carriesWhatWasAskedFor() throws Exception {
        CompletableFuture<String> range = new CompletableFuture<>();
        int reader = reader(store(request -> {
            range.complete(request.getHeader("Range"));
            answer(request, "one").end(Buffer.buffer(CONTENT));
        }));

        try (InputStream in =
                URI.create("http://127.0.0.1:" + reader + "/").toURL().openStream()) {
            assertThat(in.readAllBytes()).isEqualTo(CONTENT);
        }
        result.get();
        assertThat(carried).hasValue(SIZE);
        assertThat(range).isCompletedWithValue("bytes=0-" + (SIZE - 1));
    }

    @Test
    void passesNothingOnOfAnotherObject() throws Exception {
        int reader = reader(store(request -> answer(request, "two").end(Buffer.buffer(CONTENT))));

        ask(
                reader,
                _ -> assertThatThrownBy(result::get)
                        .hasCauseInstanceOf(ChangedException.class)
                        .hasMessageContaining("object key was replaced"));
        assertThat(carried).hasValue(0);
    }

    @Test
    void saysWhatTheStoreAnsweredInstead() throws Exception {
        int reader =
                reader(store(request -> request.response().setStatusCode(403).end("secret")));

        ask(
                reader,
                _ -> assertThatThrownBy(result::get).hasMessageContaining("403").hasMessageNotContaining("Signature"));
    }

    /** What came is with the reader, so that the next one can go on there. */
    @Test
    void countsWhatCameBeforeTheStoreBrokeOff() throws Exception {
        int half = SIZE / 2;
        int reader = reader(store(request -> answer(request, "one")
                .write(Buffer.buffer(CONTENT).slice(0, half))
                .onComplete(_ -> request.connection().close())));

        ask(reader, socket -> {
            String head = head(socket);
            assertThat(head).contains("200 OK").contains("Content-Length: " + SIZE);
            assertThat(socket.getInputStream().readNBytes(half)).startsWith(CONTENT[0], CONTENT[1], CONTENT[2]);
            assertThatThrownBy(result::get).hasRootCauseInstanceOf(IOException.class);
        });
        assertThat(carried).hasValue(half);
    }

    @Test
    void refusesMoreThanItAskedFor() throws Exception {
        int reader = reader(store(request -> answer(request, "one")
                .putHeader("Content-Length", Integer.toString(SIZE + 1))
                .end(Buffer.buffer(CONTENT).appendByte((byte) 1))));

        ask(reader, socket -> {
            socket.getInputStream().readNBytes(SIZE / 2);
            drain(socket);
            assertThatThrownBy(result::get).hasMessageContaining("more than it was asked for");
        });
    }

    /** The store would go on for ever. */
    @Test
    void leavesTheStoreWhenTheReaderHasGone() throws Exception {
        CompletableFuture<@Nullable Void> left = new CompletableFuture<>();
        int reader = reader(store(request -> {
            request.connection().closeHandler(_ -> left.complete(null));
            HttpServerResponse response = answer(request, "one");
            response.putHeader("Content-Length", Integer.toString(SIZE));
            response.write(Buffer.buffer(CONTENT).slice(0, SIZE - 1));
        }));

        ask(reader, socket -> socket.getInputStream().readNBytes(1000));
        left.get();
        assertThatThrownBy(result::get).hasCauseInstanceOf(ReaderGoneException.class);
    }

    private static HttpServerResponse answer(HttpServerRequest request, String etag) {
        return request.response()
                .setStatusCode(206)
                .putHeader("ETag", '"' + etag + '"')
                .putHeader("Content-Length", Integer.toString(SIZE));
    }

    private int store(Consumer<HttpServerRequest> answer) {
        HttpServer server = vertx.createHttpServer().requestHandler(answer::accept);
        return join(server.listen(0)).actualPort();
    }

    /** A server that answers with the object of the store at that port; its port. */
    private int reader(int store) {
        Relay relay = new Relay(vertx, new SimpleMeterRegistry());
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> Thread.ofVirtual().start(() -> {
                    try {
                        StoredObject object = new StoredObject("key", SIZE, "one", null, null, null);
                        Carrier carrier =
                                Objects.requireNonNull(relay.carrier(signing(store), object, SIZE, request.response()));
                        carrier.carry(0, SIZE - 1, false, carried::addAndGet);
                        request.response().end();
                        result.complete(null);
                    } catch (IOException | RuntimeException | Error e) {
                        result.completeExceptionally(e);
                    }
                }));
        return join(server.listen(0)).actualPort();
    }

    private static ArtifactStore signing(int port) {
        return (ArtifactStore) Proxy.newProxyInstance(
                RelayTest.class.getClassLoader(),
                new Class<?>[] {ArtifactStore.class},
                (_, method, _) -> switch (method.getName()) {
                    case "abilities" -> EnumSet.of(Ability.PRESIGN);
                    case "signGet" -> new SignedRequest("http://127.0.0.1:" + port + "/key?Signature=abc", Map.of());
                    default -> throw new AssertionError(method);
                });
    }

    private interface Reading {
        void read(Socket socket) throws Exception;
    }

    private static void ask(int port, Reading reading) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            reading.read(socket);
        }
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        return head.toString();
    }

    private static void drain(Socket socket) {
        Thread.ofVirtual().start(() -> {
            try {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // closed when the test is over
            }
        });
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
