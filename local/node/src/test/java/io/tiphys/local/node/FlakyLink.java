package io.tiphys.local.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to a server that a test can break and mend. */
final class FlakyLink implements AutoCloseable {
    /** How the link does. */
    enum State {
        GOOD,
        /** Connections end as soon as they are made. */
        REFUSING,
        /** Connections are taken, and nothing ever comes back. */
        SILENT,
        /** Requests to bind a pod don't arrive; all else does. */
        LOSING_BINDINGS
    }

    private final ServerSocket server;
    private final URI target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile State state = State.GOOD;

    FlakyLink(URI target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return target.getScheme() + "://127.0.0.1:" + server.getLocalPort();
    }

    /** How many bindings were lost. */
    int lost() {
        return lost.get();
    }

    /** Ends all connections; new ones go as the state says. */
    void turn(State next) throws IOException {
        state = next;
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket from = server.accept();
                open.add(from);
                State now = state;
                if (now == State.REFUSING) {
                    from.close();
                } else if (now != State.SILENT) {
                    Socket to = new Socket(target.getHost(), target.getPort());
                    open.add(to);
                    Thread.ofVirtual().start(() -> copy(from, to));
                    Thread.ofVirtual().start(() -> copy(to, from));
                }
            } catch (IOException e) {
                // The next one may fare better.
            }
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            byte[] bytes = new byte[8192];
            for (int n = from.getInputStream().read(bytes);
                    n > 0;
                    n = from.getInputStream().read(bytes)) {
                if (state == State.LOSING_BINDINGS
                        && new String(bytes, 0, n, StandardCharsets.ISO_8859_1).contains("/binding ")) {
                    lost.incrementAndGet();
                    return;
                }
                to.getOutputStream().write(bytes, 0, n);
            }
        } catch (IOException e) {
            // One side went away; so does the other.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        turn(State.REFUSING);
    }
}
