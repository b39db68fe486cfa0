package io.tiphys.local.objectstore.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A body whose SHA-256 the client has signed; its end is reached only if it holds. */
final class HashedBody extends FilterInputStream {
    private final MessageDigest digest = SigV4.digest("SHA-256");
    private final String signed;
    private boolean compared;

    HashedBody(InputStream raw, String signed) {
        super(raw);
        this.signed = signed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        if (count > 0) {
            digest.update(bytes, offset, count);
        } else if (count < 0 && !compared) {
            compared = true;
            if (!SigV4.hex(digest.digest()).equals(signed)) {
                throw new S3Exception(
                        400,
                        "XAmzContentSHA256Mismatch",
                        "The provided x-amz-content-sha256 header does not match what was computed.");
            }
        }
        return count;
    }
}
