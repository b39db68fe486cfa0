package io.tiphys.executor.emissary;

import io.tiphys.executor.names.FileNames;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;

/**
 * The emissary of one container, reached over its unix socket. Each call has a connection of its own, so calls may run side by side. Paths
 * are absolute and mean what they mean inside the container. The wire format is described at the top of {@code wire.h}.
 */
public final class Emissary {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int REQUEST_BYTES = 37;

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
        return read(path, offset, length, 0);
    }

    /**
     * As above for a file that was last {@link FileEntry#changed() changed} then.
     *
     * @throws FileSystemException at the end of the stream at the latest, if it has been changed since
     */
    public InputStream read(String path, long offset, long length, long changed) throws IOException {
        return ask('R', path, offset, length, changed, 0);
    }

    /** As above, but what is written to the file before its bytes have been taken may be among them: for whoever compares their sums. */
    public InputStream readSummed(String path, long offset, long length, long changed) throws IOException {
        return ask('P', path, offset, length, changed, 0);
    }

    /** The sums of what {@link #read} gives, without its bytes. */
    public Digest digest(String path, long offset, long length, long changed) throws IOException {
        return digests(path, offset, length, 0, changed).getFirst();
    }

    /**
     * The sums of each piece of so many bytes, the last one smaller. Eight pieces are summed at once, which costs little more than one does.
     *
     * @param pieceBytes 0: one piece; of others there may be 64
     */
    public List<Digest> digests(String path, long offset, long length, long pieceBytes, long changed)
            throws IOException {
        try (var answer = ask('D', path, offset, length, changed, pieceBytes)) {
            var in = new DataInputStream(answer);
            var digests = new ArrayList<Digest>();
            while (answer.hasMore()) {
                long size = in.readLong();
                var md5 = Base64.getEncoder().encodeToString(in.readNBytes(16));
                digests.add(new Digest(size, md5, in.readLong()));
            }
            return digests;
        }
    }

    /** Sums that object storage keeps, too; MD5 in Base64. */
    public record Digest(long sizeBytes, String md5, long crc64) {}

    /** A connection for many files, one behind the other. */
    public ReadAhead readAhead() throws IOException {
        return new ReadAhead(connect());
    }

    /**
     * Reads files in the order in which they were asked for; emissary reads the next while one is being used. Ask for some before reading the
     * first: it is the waiting for answers that makes small files slow. For one thread.
     */
    public final class ReadAhead implements AutoCloseable {
        private final SocketChannel channel;
        private final Deque<String> asked = new ArrayDeque<>();
        private int askedBytes;

        private ReadAhead(SocketChannel channel) {
            this.channel = channel;
        }

        /** Whether another file may be asked for now: what is asked for must fit into the socket while emissary is writing to us. */
        public boolean hasRoom() {
            return asked.size() < 64 && askedBytes < 16 * 1024;
        }

        /** Asks for a whole file. */
        public void ask(String path, FileEntry file) throws IOException {
            try {
                askedBytes += send(channel, 'R', path, 0, file.sizeBytes(), file.changed(), 0);
            } catch (IOException e) {
                throw new EmissaryGoneException(container, e);
            }
            asked.add(path);
        }

        /** The oldest file that was asked for; read it to its end before the next. */
        public InputStream next() {
            var path = asked.remove();
            askedBytes = asked.isEmpty() ? 0 : askedBytes - requestBytes(path);
            return new Answer(channel, path) {
                @Override
                public void close() {
                    // the connection is for the next one, too
                }
            };
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
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
        return ask(operation, path, a, b, 0, 0);
    }

    private Answer ask(char operation, String path, long a, long b, long c, long d) throws IOException {
        var channel = connect();
        try {
            send(channel, operation, path, a, b, c, d);
            return new Answer(channel, path);
        } catch (IOException e) {
            channel.close();
            throw new EmissaryGoneException(container, e);
        }
    }

    private SocketChannel connect() throws IOException {
        var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new EmissaryGoneException(container, e);
        }
    }

    private static int requestBytes(String path) {
        return REQUEST_BYTES + FileNames.encode(path).length;
    }

    private static int send(SocketChannel channel, char operation, String path, long a, long b, long c, long d)
            throws IOException {
        var name = FileNames.encode(path);
        var request = ByteBuffer.allocate(REQUEST_BYTES + name.length)
                .put((byte) operation)
                .putInt(name.length)
                .putLong(a)
                .putLong(b)
                .putLong(c)
                .putLong(d)
                .put(name)
                .flip();
        int length = request.remaining();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        return length;
    }

    private static FileEntry readEntry(DataInputStream in) throws IOException {
        int mode = in.readInt();
        long size = in.readLong();
        var modified = Instant.ofEpochSecond(in.readLong(), in.readInt());
        long changed = in.readLong();
        long inode = in.readLong();
        int uid = in.readInt();
        int gid = in.readInt();
        var name = FileNames.decode(in.readNBytes(in.readUnsignedShort()));
        var link = FileNames.decode(in.readNBytes(in.readUnsignedShort()));
        return new FileEntry(mode, size, modified, changed, inode, uid, gid, name, link);
    }

    private static IOException error(int errno, String path) {
        return switch (errno) {
            case ENOENT, ENOTDIR -> new NoSuchFileException(path);
            case EACCES -> new AccessDeniedException(path);
            case 3 -> new NoSuchProcessException();
            case 5 -> new FileSystemException(path, null, "input/output error");
            case 21 -> new FileSystemException(path, null, "is a directory");
            case 22 -> new FileSystemException(path, null, "is no regular file");
            case 116 -> new FileSystemException(path, null, "was changed while it was being read");
            case 40 -> new FileSystemException(path, null, "too many levels of symbolic links");
            default -> new FileSystemException(path, null, "error " + errno);
        };
    }

    private static final class NoSuchProcessException extends IOException {}

    /** The chunks of one answer as a stream; closing it early ends the connection. */
    private class Answer extends InputStream implements ReadableByteChannel {
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
        public int read(ByteBuffer to) throws IOException {
            if (!to.hasRemaining()) {
                return 0;
            }
            if (!hasMore()) {
                return -1;
            }
            int limit = to.limit();
            int n = channel.read(to.limit(to.position() + Math.min(to.remaining(), left)));
            to.limit(limit);
            if (n < 0) {
                throw new EmissaryGoneException(container);
            }
            left -= n;
            return n;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
