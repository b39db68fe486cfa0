package io.tiphys.artifacts.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A client's certificate and key in PEM form, as TLS wants them. */
final class ClientCertificate {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA )?PRIVATE KEY)-----([A-Za-z0-9+/=\\s]+)-----END");
    /** What stands before a PKCS #1 key in PKCS #8: version, and the algorithm rsaEncryption. */
    private static final byte[] RSA = {2, 1, 0, 48, 13, 6, 9, 42, -122, 72, -122, -9, 13, 1, 1, 1, 5, 0};

    private ClientCertificate() {}

    /**
     * A context that shows the certificate.
     *
     * @throws IllegalArgumentException if the texts are no certificate and unencrypted RSA or EC key; the message says which
     */
    static SSLContext context(HttpIdentity.Certificate identity) {
        try {
            var chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new ByteArrayInputStream(identity.chain().getBytes(StandardCharsets.UTF_8)))
                    .toArray(Certificate[]::new);
            if (chain.length == 0) {
                throw new IllegalArgumentException("clientCertSecret holds no certificate in PEM form");
            }
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            var password = new char[0];
            store.setKeyEntry("client", key(identity.key()), password, chain);
            var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(store, password);
            var context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "clientCertSecret and clientKeySecret can't be used: "
                            + e.getClass().getSimpleName(),
                    e);
        } catch (IOException e) {
            throw new IllegalStateException("an empty key store can't be made", e);
        }
    }

    private static PrivateKey key(String pem) throws GeneralSecurityException {
        var found = KEY.matcher(pem);
        if (!found.find()) {
            throw new IllegalArgumentException(
                    "clientKeySecret must hold an unencrypted \"PRIVATE KEY\" or \"RSA PRIVATE KEY\" in PEM form");
        }
        var bytes = Base64.getMimeDecoder().decode(found.group(2));
        var spec = new PKCS8EncodedKeySpec(found.group(1).startsWith("RSA") ? wrapped(bytes) : bytes);
        for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // of another kind
            }
        }
        throw new IllegalArgumentException(
                "clientKeySecret holds a key of an unknown kind; RSA, EC or EdDSA would be right");
    }

    private static byte[] wrapped(byte[] pkcs1) {
        var octets = ByteBuffer.allocate(pkcs1.length + 4 + RSA.length);
        octets.put(RSA)
                .put((byte) 4)
                .put((byte) 0x82)
                .putShort((short) pkcs1.length)
                .put(pkcs1);
        return ByteBuffer.allocate(octets.position() + 4)
                .put((byte) 48)
                .put((byte) 0x82)
                .putShort((short) octets.position())
                .put(octets.array(), 0, octets.position())
                .array();
    }
}
