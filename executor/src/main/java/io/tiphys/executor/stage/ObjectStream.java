package io.tiphys.executor.stage;

import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.sums.Crc64Sum;
import io.tiphys.transfer.Downloads.ObjectToRead;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One object from its first byte to its last, in order. A broken connection is taken up again where it broke; at the end the whole is
 * compared with the store's CRC64.
 */
final class ObjectStream extends InputStream {
    private final ObjectClient client;
    private final Retry retry;
    private final ObjectUrls urls;
    private final String name;
    private final ObjectToRead object;
    private final Crc64Sum crc = new Crc64Sum();
    private @Nullable InputStream connection;
    private long position;

    ObjectStream(ObjectClient client, Retry retry, ObjectUrls urls, String name, ObjectToRead object) {
        this.client = client;
        this.retry = retry;
        this.urls = urls;
        this.name = name;
        this.object = object;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (position == object.sizeBytes()) {
            return -1;
        }
        int n = retry.run("download of " + name, () -> readOnce(bytes, offset, length));
        crc.update(bytes, offset, n);
        position += n;
        if (position == object.sizeBytes()
                && object.crc64() != null
                && !object.crc64().equals(Long.toUnsignedString(crc.value()))) {
            throw new DamagedException(name, Long.toUnsignedString(crc.value()), object.crc64());
        }
        return n;
    }

    private int readOnce(byte[] bytes, int offset, int length) throws IOException {
        var in = connection;
        try {
            if (in == null) {
                in = urls.get(client, object, position, object.sizeBytes() - 1);
                connection = in;
            }
            int n = in.read(bytes, offset, (int) Math.min(length, object.sizeBytes() - position));
            if (n < 0) {
                throw new IOException("the connection ended at byte " + position + " of " + object.sizeBytes());
            }
            return n;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /**
     * Reads what is left.
     *
     * @throws DamagedException if the whole isn't what object storage says that it has
     */
    void verify() throws IOException {
        transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        var in = connection;
        connection = null;
        if (in != null) {
            in.close();
        }
    }
}
