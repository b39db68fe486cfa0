package io.tiphys.executor.save;

import io.tiphys.transfer.Crc64;
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
    private static final int BUFFER_BYTES = 128 * 1024;

    static Sums of(InputStream in) throws IOException {
        var md5 = newMd5();
        var crc = new Crc64();
        var buffer = new byte[BUFFER_BYTES];
        long size = 0;
        for (int n; (n = in.read(buffer)) >= 0; size += n) {
            md5.update(buffer, 0, n);
            crc.update(buffer, 0, n);
        }
        return new Sums(size, Base64.getEncoder().encodeToString(md5.digest()), crc.getValue());
    }

    static Sums of(byte[] bytes, int length) {
        var md5 = newMd5();
        md5.update(bytes, 0, length);
        var crc = new Crc64();
        crc.update(bytes, 0, length);
        return new Sums(length, Base64.getEncoder().encodeToString(md5.digest()), crc.getValue());
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has MD5", e);
        }
    }
}
