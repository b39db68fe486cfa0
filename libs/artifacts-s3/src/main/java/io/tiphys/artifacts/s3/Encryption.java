package io.tiphys.artifacts.s3;

import io.tiphys.api.S3EncryptionOptions;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** How S3 shall encrypt what it stores: Argo's {@code encryptionOptions}. */
sealed interface Encryption {
    /** As the bucket has it. */
    record Default() implements Encryption {}

    /** With keys of S3's own. */
    record OfS3() implements Encryption {}

    /** With a key of KMS; the context in Base64. */
    record OfKms(String keyId, @Nullable String context) implements Encryption {}

    /** With a key that comes with each request, so that nobody else can read it. Key and its MD5 in Base64; {@code toString} keeps them. */
    record OfCustomer(String key, String md5) implements Encryption {
        @Override
        public String toString() {
            return "OfCustomer[…]";
        }
    }

    static Encryption of(@Nullable S3EncryptionOptions options, String namespace, Secrets secrets)
            throws StoreException {
        if (options == null || !options.enableEncryption()) {
            return new Default();
        }
        var customer = secrets.resolve(namespace, options.serverSideCustomerKeySecret());
        if (customer != null) {
            return ofCustomer(customer);
        }
        if (options.kmsKeyId() != null && !options.kmsKeyId().isEmpty()) {
            var context = options.kmsEncryptionContext();
            return new OfKms(
                    options.kmsKeyId(),
                    context == null || context.isEmpty()
                            ? null
                            : Base64.getEncoder().encodeToString(context.getBytes(StandardCharsets.UTF_8)));
        }
        return new OfS3();
    }

    private static Encryption ofCustomer(String key) throws StoreException {
        var bytes = key.getBytes(StandardCharsets.UTF_8);
        if (bytes.length != 32) {
            throw new StoreException(
                    Kind.REFUSED,
                    "s3.encryptionOptions.serverSideCustomerKeySecret: the key must have 32 bytes, not "
                            + bytes.length);
        }
        try {
            var md5 = MessageDigest.getInstance("MD5").digest(bytes);
            return new OfCustomer(
                    Base64.getEncoder().encodeToString(bytes),
                    Base64.getEncoder().encodeToString(md5));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
