package io.tiphys.executor.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlainPutsTest {
    private static final int LENGTH = 3_000_000;
    private static final long MORE_THAN_BUFFERS_HOLD = 1L << 30;
    private static final String STORED = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 0\r\n\r\n";

    private final PlainPuts puts = new PlainPuts();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger connections = new AtomicInteger();
    private ServerSocket server;

    PlainPutsTest() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    /** What the other side does with each connection. */
    private interface Side {
        void serve(Socket socket, DataInputStream in) throws Exception;
    }

    @BeforeEach
    void nothingIsConnected() {
        connections.set(0);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private void serve(Side side) {
        var _ = threads.submit(() -> {
            while (true) {
                var socket = server.accept();
                connections.incrementAndGet();
                var _ = threads.submit(() -> {
                    try (socket) {
                        side.serve(socket, new DataInputStream(socket.getInputStream()));
                    }
                    return null;
                });
            }
        });
    }

    private static String head(DataInputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    }

    private PlainConnection.Answer put(Map<String, String> headers, byte[] content) throws IOException {
        return put(headers, () -> new ByteArrayInputStream(content));
    }

    private PlainConnection.Answer put(Map<String, String> headers, ObjectClient.Body body) throws IOException {
        return put(headers, body, LENGTH);
    }

    private PlainConnection.Answer put(Map<String, String> headers, ObjectClient.Body body, long length)
            throws IOException {
        var uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/bucket/a%20key?partNumber=1&Signature=s");
        return puts.put(uri, headers, body, length, e -> new IOException("network: " + e.getMessage(), e));
    }

    @Test
    void sendsWhatTheBodyHasAndKeepsTheConnection() throws Exception {
        var content = new byte[LENGTH];
        content[LENGTH - 1] = 7;
        serve((socket, in) -> {
            for (int n = 0; n < 2; n++) {
                assertThat(head(in))
                        .startsWith("PUT /bucket/a%20key?partNumber=1&Signature=s HTTP/1.1\r\n")
                        .contains("Host: 127.0.0.1:" + server.getLocalPort() + "\r\n", "Content-MD5: m\r\n")
                        .containsOnlyOnce("Host: ")
                        .containsOnlyOnce("Content-Length: " + LENGTH + "\r\n");
                assertThat(in.readNBytes(LENGTH)).isEqualTo(content);
                say(socket, "HTTP/1.1 100 Continue\r\n\r\n" + STORED);
            }
        });
        var headers = Map.of("Content-MD5", "m", "host", "other", "content-length", "1");
        for (int n = 0; n < 2; n++) {
            var answer = put(headers, content);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).containsEntry("etag", "\"e\"");
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void connectionThatTheOtherSideClosedIsNotUsedAgain() throws Exception {
        var closed = new CountDownLatch(1);
        serve((socket, in) -> {
            head(in);
            in.skipNBytes(LENGTH);
            say(socket, STORED);
            socket.close();
            closed.countDown();
        });
        put(Map.of(), new byte[LENGTH]);
        closed.await();
        assertThat(put(Map.of(), new byte[LENGTH]).status()).isEqualTo(200);
        assertThat(connections).hasValue(2);
    }

    @Test
    void readsWhyItWasRefusedInChunks() throws Exception {
        serve((socket, in) -> {
            head(in);
            in.skipNBytes(LENGTH);
            say(
                    socket,
                    "HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n<Code>\r\n9;x=y\r\nA</Code>.\r\n0\r\n\r\n");
        });
        var answer = put(Map.of(), new byte[LENGTH]);
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).isEqualTo("<Code>A</Code>.");
    }

    @Test
    void otherSideThatGoesAwayIsTheNetworksFault() {
        serve((socket, in) -> {
            head(in);
            socket.close();
        });
        assertThatThrownBy(() -> put(Map.of(), new byte[LENGTH])).hasMessageStartingWith("network: ");
    }

    @Test
    void answerThatIsNoHttpIsTheNetworksFault() {
        serve((socket, in) -> {
            head(in);
            in.skipNBytes(LENGTH);
            say(socket, "220 mail.example ESMTP\r\n");
        });
        assertThatThrownBy(() -> put(Map.of(), new byte[LENGTH])).hasMessageStartingWith("network: an answer that is");
    }

    @Test
    void bodyThatEndsEarlyOrGoesOnIsTheBodysFault() {
        serve((_, in) -> in.readAllBytes());
        assertThatThrownBy(() -> put(Map.of(), new byte[LENGTH - 1])).hasMessage("the content ended 1 bytes early");
        assertThatThrownBy(() -> put(Map.of(), new byte[LENGTH + 1])).hasMessage("the content is longer than it was");
    }

    @Test
    void headerOfSeveralLinesIsNotSent() {
        assertThatThrownBy(() -> put(Map.of("a", "b\r\nc: d"), new byte[LENGTH]))
                .isInstanceOf(PermanentException.class)
                .hasMessageContaining("header of several lines");
    }

    @Test
    void interruptEndsItAndNobodyReadsTheBodyAfterwards() throws Exception {
        serve((_, in) -> {
            head(in);
            in.readByte();
            new CountDownLatch(1).await(); // takes no more
        });
        var begun = new CountDownLatch(1);
        var closed = new CountDownLatch(1);
        ObjectClient.Body body = () -> new InputStream() {
            @Override
            public int read() {
                begun.countDown();
                return 1;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                begun.countDown();
                return length;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        var sending = new FutureTask<>(() -> put(Map.of(), body, MORE_THAN_BUFFERS_HOLD));
        var sender = Thread.ofVirtual().start(sending);
        begun.await();
        sender.interrupt();
        assertThatThrownBy(sending::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(InterruptedIOException.class);
        assertThat(closed.getCount()).isZero();
    }

    @Test
    void whoDoesNotWantTheBodyIsHeardOut() throws Exception {
        serve((socket, in) -> {
            head(in);
            say(socket, "HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\ndenied");
        });

        // sending it fails once the other side has gone
        var answer = put(
                Map.of(),
                () -> new InputStream() {
                    @Override
                    public int read() {
                        return 0;
                    }

                    @Override
                    public int read(byte[] to, int offset, int most) {
                        return most;
                    }
                },
                MORE_THAN_BUFFERS_HOLD);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).isEqualTo("denied");
    }
}
