package io.tiphys.local.node;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way to a server that a test can break and mend. */
final class FlakyLink implements AutoCloseable {
    /** How the link does. */
    enum State {
        GOOD,
        /** Connections end as soon as they are made. */
        REFUSING,
        /** Connections are taken, and nothing ever comes back. */
        SILENT
    }

    private final ServerSocket server;
    private final URI target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile State state = State.GOOD;

    FlakyLink(URI target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return target.getScheme() + "://127.0.0.1:" + server.getLocalPort();
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
                } else if (now == State.GOOD) {
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
            from.getInputStream().transferTo(to.getOutputStream());
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
