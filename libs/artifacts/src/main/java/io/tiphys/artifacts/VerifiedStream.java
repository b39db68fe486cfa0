package io.tiphys.artifacts;

import io.tiphys.artifacts.StoreException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Content on its way to a store that checks no sum itself: its last bytes are passed on only when length and MD5 hold. A store that was told the
 * length has then not got all of it, and keeps nothing.
 */
public final class VerifiedStream extends FilterInputStream {
    private final String where;
    private final long sizeBytes;
    private final @Nullable String md5;
    private final MessageDigest digest;
    private long seen;
    private volatile @Nullable StoreException refusal;

    /**
     * A stream.
     *
     * @param where for the message: what is written, and where to
     * @param md5 in Base64; absent: only the length is checked
     */
    public VerifiedStream(String where, InputStream in, long sizeBytes, @Nullable String md5) {
        super(in);
        this.where = where;
        this.sizeBytes = sizeBytes;
        this.md5 = md5;
        try {
            this.digest = MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }

    /** The MD5 of what was read so far, in lower-case hex; to be asked for once, at the end. */
    public String hex() {
        return java.util.HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (seen == sizeBytes || length == 0) {
            return length == 0 ? 0 : -1;
        }
        int n = super.read(bytes, offset, (int) Math.min(length, sizeBytes - seen));
        if (n < 0) {
            throw refused("the content has " + seen + " bytes instead of " + sizeBytes);
        }
        digest.update(bytes, offset, n);
        seen += n;
        if (seen == sizeBytes) {
            verify();
        }
        return n;
    }

    private StoreException refused(String why) {
        var e = new StoreException(Kind.REFUSED, where + ": " + why);
        refusal = e;
        return e;
    }

    /** What this stream threw, for callers of clients that keep the cause of a failure to themselves. */
    public @Nullable StoreException refusal() {
        return refusal;
    }

    private void verify() throws IOException {
        if (super.read() >= 0) {
            throw refused("the content has more than " + sizeBytes + " bytes");
        }
        if (md5 != null) {
            try {
                var counted = ((MessageDigest) digest.clone()).digest();
                if (!md5.equals(Base64.getEncoder().encodeToString(counted))) {
                    throw refused("the content has another MD5 than announced");
                }
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("the JDK's MD5 can be cloned", e);
            }
        }
    }

    /** Checks an empty content too, which nobody reads. */
    public VerifiedStream checkedIfEmpty() throws IOException {
        if (sizeBytes == 0) {
            verify();
        }
        return this;
    }
}
