package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.storage.Content;
import io.tiphys.local.objectstore.storage.Storage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** {@code Content-MD5}: checked before anything is stored. */
final class Digests {
    private Digests() {}

    /**
     * The digest that the client announced, in upper-case hex, or null.
     *
     * @throws OssException InvalidDigest when the header holds none
     */
    static @Nullable String announced(OssRequest request) {
        String header = request.header("content-md5");
        if (header == null || header.isEmpty()) {
            return null;
        }
        try {
            byte[] digest = Base64.getDecoder().decode(header);
            if (digest.length == 16) {
                return Storage.hex(digest);
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new OssException(400, "InvalidDigest", "The Content-MD5 you specified is not a base64 MD5: " + header);
    }

    static boolean fits(Content content, @Nullable String announced) {
        return announced == null || announced.equals(content.md5());
    }

    static OssException mismatch() {
        return new OssException(400, "InvalidDigest", "The Content-MD5 you specified did not match what we received.");
    }

    static String base64(Content content) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(content.md5()));
    }

    static String md5(byte[] bytes) {
        try {
            return Storage.hex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
