package io.tiphys.bench.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;

/** Stands before the store and counts what is sent to it. */
final class CountingProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    private final URI store;
    private final AtomicLong sent = new AtomicLong();

    CountingProxy(URI store) throws IOException {
        this.store = store;
        Thread.ofVirtual().start(this::accept);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    long sentBytes() {
        return sent.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = server.accept();
                Thread.ofVirtual().start(() -> connect(client));
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void connect(Socket client) {
        try (client;
                var behind = new Socket(store.getHost(), store.getPort())) {
            var answers = Thread.ofVirtual().start(() -> copy(behind, client, new AtomicLong()));
            copy(client, behind, sent);
            answers.join();
        } catch (IOException e) {
            return; // the client was killed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to, AtomicLong count) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            var buffer = new byte[64 * 1024];
            for (int n; (n = in.read(buffer)) >= 0; ) {
                count.addAndGet(n);
                out.write(buffer, 0, n);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            try {
                to.close();
            } catch (IOException ignored) {
                return; // it is closed either way
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
