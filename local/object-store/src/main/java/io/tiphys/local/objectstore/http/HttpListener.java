package io.tiphys.local.objectstore.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Listens on a port and serves each connection on a virtual thread of its own. */
public final class HttpListener implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 1 << 20;

    private final ServerSocketChannel server;
    private final HttpHandler handler;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

    private HttpListener(ServerSocketChannel server, HttpHandler handler) {
        this.server = server;
        this.handler = handler;
    }

    /**
     * Listens and serves until closed.
     *
     * @throws BindException naming address and port when something else listens there
     */
    public static HttpListener start(String host, int port, HttpHandler handler) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            server.bind(new InetSocketAddress(host, port), 1024);
        } catch (IOException e) {
            server.close();
            var named = new BindException("cannot listen on " + host + ":" + port + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
        HttpListener listener = new HttpListener(server, handler);
        Thread.ofVirtual().name("http-accept").start(listener::accept);
        return listener;
    }

    public int port() {
        return server.socket().getLocalPort();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel channel = server.accept();
                connections.add(channel);
                Thread.ofVirtual().start(() -> serve(channel));
            } catch (IOException e) {
                if (server.isOpen()) {
                    System.getLogger("io.tiphys.local.objectstore")
                            .log(System.Logger.Level.WARNING, "accept failed", e);
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            new Exchange(new Wire(channel), handler).serveAll();
        } catch (IOException e) {
            // The client went away or spoke no HTTP; there is nobody to tell.
        } finally {
            connections.remove(channel);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel channel : connections) {
            channel.close();
        }
    }
}
