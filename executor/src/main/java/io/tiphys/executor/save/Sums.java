package io.tiphys.executor.save;

import io.tiphys.executor.emissary.Emissary.Digest;
import io.tiphys.executor.sums.Crc64Sum;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * What is known of a piece of content before it is sent.
 *
 * @param md5 Base64; object storage refuses a body with another one
 */
record Sums(long sizeBytes, String md5, long crc64) {
    private static final int BUFFER_BYTES = 64 * 1024;

    static Sums of(InputStream in) throws IOException {
        var sum = new Running();
        var buffer = new byte[BUFFER_BYTES];
        for (int n; (n = in.read(buffer)) >= 0; ) {
            sum.add(buffer, 0, n);
        }
        return sum.sums();
    }

    static Sums of(byte[] bytes, int length) {
        var sum = new Running();
        sum.add(bytes, 0, length);
        return sum.sums();
    }

    static Sums of(Digest digest) {
        return new Sums(digest.sizeBytes(), digest.md5(), digest.crc64());
    }

    /** Sums of what comes piece by piece. */
    static final class Running {
        private final MessageDigest md5 = newMd5();
        private final Crc64Sum crc = new Crc64Sum();
        private long size;

        void add(byte[] bytes, int offset, int length) {
            md5.update(bytes, offset, length);
            crc.update(bytes, offset, length);
            size += length;
        }

        Sums sums() {
            return new Sums(size, Base64.getEncoder().encodeToString(md5.digest()), crc.value());
        }
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }
}
