package io.tiphys.artifacts;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Certificate authorities that a location names instead of the system's. */
public final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * Trusts exactly these.
     *
     * @param pem one certificate or more
     * @throws IllegalArgumentException if it holds none
     */
    public static X509TrustManager of(String pem) {
        try {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca-" + count++, certificate);
            }
            if (count == 0) {
                throw new IllegalArgumentException("the CA's Secret holds no certificate in PEM form");
            }
            var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (var manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    return x509;
                }
            }
            throw new IllegalStateException("the JDK has no X.509 trust manager");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the CA's Secret holds no certificate in PEM form", e);
        } catch (IOException e) {
            throw new IllegalStateException("an empty key store can't be made", e);
        }
    }
}
