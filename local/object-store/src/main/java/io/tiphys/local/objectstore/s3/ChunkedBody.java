package io.tiphys.local.objectstore.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A body in {@code aws-chunked} encoding: chunks that each bear a signature (or none), then headers at the end with a checksum of the whole.
 * A chunk is passed on once its signature holds; the end of the stream is reached only when the checksum holds.
 */
final class ChunkedBody extends InputStream {
    private static final int MAX_CHUNK = 64 << 20;
    private static final int MAX_LINE = 4096;

    private final InputStream raw;
    private final SigV4.@Nullable Seed seed;
    private String previous;
    private byte[] chunk = new byte[0];
    private int position;
    private int length;
    private boolean ended;
    private final @Nullable Checksum checksum;

    /**
     * A body.
     *
     * @param seed null when the chunks are not signed
     * @param trailer name of the checksum header at the end, or null
     */
    ChunkedBody(InputStream raw, SigV4.@Nullable Seed seed, @Nullable String trailer) throws S3Exception {
        this.raw = raw;
        this.seed = seed;
        this.previous = seed == null ? "" : seed.signature();
        this.checksum = trailer == null ? null : Checksum.named(trailer);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int wanted) throws IOException {
        while (position == length) {
            if (ended) {
                return -1;
            }
            next();
        }
        int count = Math.min(wanted, length - position);
        System.arraycopy(chunk, position, target, offset, count);
        position += count;
        return count;
    }

    private void next() throws IOException {
        String head = line();
        int semicolon = head.indexOf(';');
        int size = size(semicolon < 0 ? head : head.substring(0, semicolon));
        if (chunk.length < size) {
            chunk = new byte[size];
        }
        if (raw.readNBytes(chunk, 0, size) < size) {
            throw incomplete();
        }
        position = 0;
        length = size;
        if (seed != null) {
            int equals = head.indexOf("chunk-signature=");
            String given = equals < 0 ? "" : head.substring(equals + "chunk-signature=".length());
            String toSign = "AWS4-HMAC-SHA256-PAYLOAD\n" + seed.date() + "\n" + seed.scope() + "\n" + previous + "\n"
                    + SigV4.sha256("") + "\n" + SigV4.sha256(chunk, size);
            require(seed, toSign, given);
        }
        if (checksum != null) {
            checksum.update(chunk, size);
        }
        if (size == 0) {
            ended = true;
            end();
        } else if (!line().isEmpty()) {
            throw incomplete();
        }
    }

    private void end() throws IOException {
        List<String> trailers = new ArrayList<>();
        String signature = "";
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (line.startsWith("x-amz-trailer-signature:")) {
                signature = line.substring(line.indexOf(':') + 1).trim();
            } else {
                trailers.add(line);
            }
        }
        if (checksum == null) {
            return;
        }
        String given = "";
        for (String line : trailers) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(checksum.header())) {
                given = line.substring(colon + 1).trim();
            }
        }
        if (seed != null) {
            String toSign = "AWS4-HMAC-SHA256-TRAILER\n" + seed.date() + "\n" + seed.scope() + "\n" + previous + "\n"
                    + SigV4.sha256(String.join("\n", trailers) + "\n");
            require(seed, toSign, signature);
        }
        String counted = Base64.getEncoder().encodeToString(checksum.value());
        if (!counted.equals(given)) {
            throw new S3Exception(
                    400,
                    "BadDigest",
                    "The " + checksum.header() + " you specified did not match what we received: " + counted + ".");
        }
    }

    private void require(SigV4.Seed seed, String toSign, String given) throws S3Exception {
        String expected = SigV4.hex(SigV4.hmac(seed.key().getEncoded(), toSign));
        if (!expected.equals(given)) {
            throw new S3Exception(403, "SignatureDoesNotMatch", "A chunk of the body is signed otherwise.");
        }
        previous = expected;
    }

    private static int size(String hex) throws S3Exception {
        try {
            int size = Integer.parseInt(hex.trim(), 16);
            if (size >= 0 && size <= MAX_CHUNK) {
                return size;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new S3Exception(400, "InvalidRequest", "A chunk must have 0 to " + MAX_CHUNK + " bytes.");
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = raw.read(); b != '\n'; b = raw.read()) {
            if (b < 0) {
                if (ended) {
                    break; // some clients leave out the empty line at the very end
                }
                throw incomplete();
            }
            if (line.length() > MAX_LINE) {
                throw new S3Exception(400, "InvalidRequest", "A line of the body's framing is too long.");
            }
            line.append((char) b);
        }
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
            line.setLength(end - 1);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static S3Exception incomplete() {
        return new S3Exception(400, "IncompleteBody", "The request body terminated unexpectedly.");
    }
}
