package io.tiphys.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * JSON that is kept outside of the object that refers to it, under the hash of its text.
 *
 * @param hash SHA-256 of the JSON text in UTF-8, 64 hex digits
 * @param bytes the text, gzipped; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // carried from here to a request body, never compared
public record PackedJson(String hash, byte[] bytes) {
    /** The largest packed JSON that is taken anywhere. */
    public static final int MAX_PACKED_BYTES = 8 * 1024 * 1024;
    /** The largest JSON that unpacking may yield; what holds more may be a bomb. */
    public static final int MAX_BYTES = 512 * 1024 * 1024;

    private static final String PREFIX = "sha256:";
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public static PackedJson of(Object value) {
        try {
            MessageDigest digest = sha256();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed);
                    DigestOutputStream out = new DigestOutputStream(gzip, digest)) {
                ApiJson.mapper().writeValue(out, value);
            }
            return new PackedJson(HexFormat.of().formatHex(digest.digest()), packed.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("packing JSON into memory", e);
        }
    }

    /** Whether the text has at most so many bytes. */
    public boolean isAtMost(int length) {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            gzip.skipNBytes(length);
            return gzip.read() < 0;
        } catch (EOFException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException("unpacking JSON in memory", e);
        }
    }

    /** How an object refers to it: {@code sha256:<hex>}. */
    public String reference() {
        return PREFIX + hash;
    }

    /** The hash in a reference; empty if it is none. */
    public static Optional<String> hashIn(@Nullable String reference) {
        return reference != null && reference.startsWith(PREFIX) && isHash(reference.substring(PREFIX.length()))
                ? Optional.of(reference.substring(PREFIX.length()))
                : Optional.empty();
    }

    public static boolean isHash(String text) {
        return HASH.matcher(text).matches();
    }

    /**
     * The JSON in these bytes, which must have this hash.
     *
     * @throws IllegalArgumentException if they are anything else, or hold more than 512 MiB
     */
    public static JsonNode unpack(String hash, byte[] bytes) {
        verify(hash, bytes);
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return ApiJson.mapper().readTree(gzip);
        } catch (IOException e) {
            throw new IllegalArgumentException("what is stored as " + PREFIX + hash + " is not JSON", e);
        }
    }

    /**
     * The JSON text in these bytes, to be read piece by piece; they must have this hash.
     *
     * @throws IllegalArgumentException if they are anything else, or hold more than 512 MiB
     */
    public static InputStream open(String hash, byte[] bytes) {
        verify(hash, bytes);
        try {
            return new GZIPInputStream(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("unpacking JSON in memory", e);
        }
    }

    /**
     * Looks at the text in these bytes without keeping it.
     *
     * @throws IllegalArgumentException if they aren't gzip, hold more than 512 MiB or don't have this hash
     */
    public static void verify(String hash, byte[] bytes) {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 * 1024];
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes), buffer.length)) {
            long total = 0;
            for (int read = gzip.read(buffer); read >= 0; read = gzip.read(buffer)) {
                digest.update(buffer, 0, read);
                total += read;
                if (total > MAX_BYTES) {
                    throw new IllegalArgumentException("what is stored as " + PREFIX + hash + " holds more than "
                            + MAX_BYTES / 1024 / 1024 + " MiB");
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("what is stored as " + PREFIX + hash + " is not gzip", e);
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(hash)) {
            throw new IllegalArgumentException("what is stored as " + PREFIX + hash + " has the hash " + found);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
