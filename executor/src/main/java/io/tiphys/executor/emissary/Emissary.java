package io.tiphys.executor.emissary;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The emissary of one container, reached over its unix socket. Each call has a connection of its own, so calls may run side by side. Paths
 * are absolute and mean what they mean inside the container. The wire format is described at the top of {@code emissary.c}.
 */
public final class Emissary {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;

    private final String container;
    private final Path socket;

    public Emissary(String container, Path socket) {
        this.container = container;
        this.socket = socket;
    }

    public String container() {
        return container;
    }

    /** Whether the container has started. */
    public boolean isThere() {
        return Files.exists(socket);
    }

    /** Describes a file, following links. */
    public FileEntry stat(String path) throws IOException {
        try (var answer = ask('S', path, 0, 0)) {
            return readEntry(new DataInputStream(new ByteArrayInputStream(answer.readAllBytes())));
        }
    }

    /** Describes the members of a directory, not following links, in no particular order. */
    public List<FileEntry> list(String path) throws IOException {
        var entries = new ArrayList<FileEntry>();
        try (var answer = ask('L', path, 0, 0)) {
            var in = new DataInputStream(answer);
            while (answer.hasMore()) {
                entries.add(readEntry(in));
            }
        }
        return entries;
    }

    /** The bytes of a regular file from {@code offset}, at most {@code length}; fewer when it ends before. */
    public InputStream read(String path, long offset, long length) throws IOException {
        return ask('R', path, offset, length);
    }

    /** Waits for the command's end; its exit code, 128 + n when signal n ended it. */
    public int awaitExit() throws IOException {
        try (var answer = ask('W', "", 0, 0)) {
            return new DataInputStream(answer).readInt();
        }
    }

    /** Sends a signal to the command's process group; nothing happens when it has ended. */
    public void signal(int signal) throws IOException {
        try (var answer = ask('K', "", signal, 0)) {
            answer.readAllBytes();
        } catch (EmissaryGoneException | NoSuchProcessException e) {
            return; // that is what the signal was for
        }
    }

    /** Tells that all outputs are safe; the container ends with the command's exit code. */
    public void release() throws IOException {
        try (var answer = ask('X', "", 0, 0)) {
            answer.readAllBytes();
        } catch (EmissaryGoneException e) {
            return; // ended already
        }
    }

    private Answer ask(char operation, String path, long a, long b) throws IOException {
        var name = path.getBytes(UTF_8);
        var request = ByteBuffer.allocate(21 + name.length)
                .put((byte) operation)
                .putInt(name.length)
                .putLong(a)
                .putLong(b)
                .put(name)
                .flip();
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            return new Answer(channel, path);
        } catch (IOException e) {
            channel.close();
            throw new EmissaryGoneException(container, e);
        }
    }

    private static FileEntry readEntry(DataInputStream in) throws IOException {
        int mode = in.readInt();
        long size = in.readLong();
        var modified = Instant.ofEpochSecond(in.readLong(), in.readInt());
        int uid = in.readInt();
        int gid = in.readInt();
        var name = new String(in.readNBytes(in.readUnsignedShort()), UTF_8);
        var link = new String(in.readNBytes(in.readUnsignedShort()), UTF_8);
        return new FileEntry(mode, size, modified, uid, gid, name, link);
    }

    private static IOException error(int errno, String path) {
        return switch (errno) {
            case ENOENT, ENOTDIR -> new NoSuchFileException(path);
            case EACCES -> new AccessDeniedException(path);
            case 3 -> new NoSuchProcessException();
            case 5 -> new FileSystemException(path, null, "input/output error");
            case 21 -> new FileSystemException(path, null, "is a directory");
            case 22 -> new FileSystemException(path, null, "is no regular file");
            case 40 -> new FileSystemException(path, null, "too many levels of symbolic links");
            default -> new FileSystemException(path, null, "error " + errno);
        };
    }

    private static final class NoSuchProcessException extends IOException {}

    /** The chunks of one answer as a stream; closing it early ends the connection. */
    private final class Answer extends InputStream {
        private final SocketChannel channel;
        private final DataInputStream in;
        private final String path;
        private int left;
        private boolean ended;

        Answer(SocketChannel channel, String path) {
            this.channel = channel;
            this.in = new DataInputStream(Channels.newInputStream(channel));
            this.path = path;
        }

        /** Whether more bytes come; throws what emissary ran into when it ended badly. */
        boolean hasMore() throws IOException {
            if (left > 0 || ended) {
                return left > 0;
            }
            int error = 0;
            try {
                left = in.readInt();
                if (left == 0) {
                    ended = true;
                    error = in.readInt();
                }
            } catch (IOException e) {
                throw new EmissaryGoneException(container, e);
            }
            if (error != 0) {
                throw error(error, path);
            }
            return left > 0;
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!hasMore()) {
                return -1;
            }
            int n = in.read(bytes, offset, Math.min(length, left));
            if (n < 0) {
                throw new EmissaryGoneException(container);
            }
            left -= n;
            return n;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
