package io.tiphys.artifacts.git;

import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/** Ssh with one key and one list of known hosts, and nothing of the user that this runs as. Made when it is first needed. */
final class Ssh implements AutoCloseable {
    private final Checkout checkout;
    private final @Nullable Path knownHosts;
    private final Path home;
    private @Nullable SshdSessionFactory factory;

    Ssh(Checkout checkout, @Nullable Path knownHosts, Path home) {
        this.checkout = checkout;
        this.knownHosts = knownHosts;
        this.home = home;
    }

    void prepare(Transport transport) {
        if (transport instanceof SshTransport ssh) {
            ssh.setSshSessionFactory(factory());
        }
    }

    private synchronized SshdSessionFactory factory() {
        var known = factory;
        if (known == null) {
            var keys = keys(checkout.privateKey());
            var builder = new SshdSessionFactoryBuilder()
                    .setHomeDirectory(home.toFile())
                    .setSshDirectory(home.resolve(".git").toFile())
                    .setPreferredAuthentications("publickey,keyboard-interactive,password")
                    .setConfigStoreFactory((_, _, _) -> null)
                    .setDefaultIdentities(_ -> List.of())
                    .setDefaultKeysProvider(_ -> keys)
                    .setDefaultKnownHostsFiles(_ -> knownHosts == null ? List.of() : List.of(knownHosts));
            if (checkout.ignoreHostKey()) {
                builder.setServerKeyDatabase((_, _) -> new AnyKey());
            }
            known = builder.build(null);
            factory = known;
        }
        return known;
    }

    private static List<KeyPair> keys(@Nullable String pem) {
        var keys = new ArrayList<KeyPair>();
        if (pem == null) {
            return keys;
        }
        var text = (pem.strip() + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("sshPrivateKeySecret"),
                            new ByteArrayInputStream(text),
                            FilePasswordProvider.EMPTY)
                    .forEach(keys::add);
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new UnusableKeyException(e);
        }
        return keys;
    }

    /** The private key can't be read; what it says of it is kept out of the message. */
    static final class UnusableKeyException extends RuntimeException {
        UnusableKeyException(Exception cause) {
            super("git.sshPrivateKeySecret holds no unencrypted private key in PEM or OpenSSH form", cause);
        }

        StoreException refusal(String url) {
            return new StoreException(Kind.REFUSED, "cannot check out " + url + ": " + getMessage());
        }
    }

    @Override
    public synchronized void close() {
        if (factory != null) {
            factory.close();
        }
    }

    /** Whoever answers is believed: {@code insecureIgnoreHostKey}. */
    private static final class AnyKey implements ServerKeyDatabase {
        @Override
        public List<PublicKey> lookup(String address, InetSocketAddress remote, Configuration configuration) {
            return List.of();
        }

        @Override
        public boolean accept(
                String address,
                InetSocketAddress remote,
                PublicKey key,
                Configuration configuration,
                @Nullable CredentialsProvider provider) {
            return true;
        }
    }
}
