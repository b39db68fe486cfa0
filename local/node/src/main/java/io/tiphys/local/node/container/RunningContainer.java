package io.tiphys.local.node.container;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A process that {@link Spawner} has started. When its connection closes (also by our death), it is killed. */
public final class RunningContainer implements AutoCloseable {
    private final SocketChannel connection;
    private final ByteBuffer in = ByteBuffer.allocate(4096).limit(0);
    private final long pid;

    private RunningContainer(SocketChannel connection) throws IOException {
        this.connection = connection;
        String first = line();
        if (!first.startsWith("S")) {
            throw new StartException(first.substring(1).strip());
        }
        this.pid = Long.parseLong(first.substring(1).strip());
    }

    static RunningContainer start(SocketChannel connection, ContainerSpec spec) throws IOException {
        try {
            ByteBuffer bytes = spec.encode();
            while (bytes.hasRemaining()) {
                connection.write(bytes);
            }
            return new RunningContainer(connection);
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /** The first process, as the host numbers it. */
    public long pid() {
        return pid;
    }

    /** Whether it hasn't ended as far as we know. */
    public boolean isOpen() {
        return connection.isOpen();
    }

    /** Sends a signal to the first process. Nothing happens when it has ended. */
    public void signal(int number) {
        try {
            connection.write(ByteBuffer.wrap(new byte[] {(byte) number}));
        } catch (IOException e) {
            // It has ended.
        }
    }

    /** Waits for the end; to be called once. A connection that breaks means killed. */
    public Exit await() {
        try (connection) {
            String[] words = line().substring(1).strip().split(" ", -1);
            return new Exit(Integer.parseInt(words[0]), read(Integer.parseInt(words[1])));
        } catch (IOException e) {
            return new Exit(137, "");
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (byte b = next(); b != '\n'; b = next()) {
            bytes.write(b);
        }
        String line = bytes.toString(StandardCharsets.UTF_8);
        return line.isEmpty() ? "F" : line;
    }

    private String read(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = next();
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte next() throws IOException {
        if (!in.hasRemaining()) {
            in.clear();
            int count = connection.read(in);
            in.flip();
            if (count <= 0) {
                throw new EOFException("the supervisor of the process is gone");
            }
        }
        return in.get();
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
