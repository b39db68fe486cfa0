package io.tiphys.artifacts.git;

import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.GitArtifact;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jgit.transport.URIish;
import org.jspecify.annotations.Nullable;

/**
 * Locations of the kind {@code git}: inputs only. The one object of such a store is the work tree, with its {@code .git}, as tar.gz below one
 * folder.
 */
public final class GitDriver implements StoreDriver {
    private static final Set<String> SCHEMES = Set.of("http", "https", "ssh", "git");

    private final Path scratch;
    private final @Nullable Path knownHosts;

    /**
     * A driver.
     *
     * @param scratch folder for repositories while they are packed
     * @param knownHosts of ssh servers; absent: only locations with {@code insecureIgnoreHostKey} can use ssh
     */
    public GitDriver(Path scratch, @Nullable Path knownHosts) {
        this.scratch = scratch;
        this.knownHosts = knownHosts;
    }

    @Override
    public String kind() {
        return "git";
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        var git = location.git();
        if (git == null) {
            return Optional.empty();
        }
        var checkout = checkout(git, namespace, secrets);
        var name = new GitStore(checkout, new Repositories(scratch, knownHosts));
        return Optional.of(new Located(name, name.key()));
    }

    private static Checkout checkout(GitArtifact git, String namespace, Secrets secrets) throws StoreException {
        var uri = parse(git.repo());
        var user = secrets.resolve(namespace, git.usernameSecret());
        var password = secrets.resolve(namespace, git.passwordSecret());
        var name = user != null ? user : uri.getUser();
        var secret = password != null ? password : uri.getPass();
        boolean ssh = isSsh(uri);
        if (git.singleBranch() && (git.branch() == null || git.branch().isEmpty())) {
            throw new StoreException(Kind.REFUSED, "git.singleBranch needs git.branch");
        }
        long depth = git.depth() == null ? 0 : git.depth();
        if (depth < 0 || depth > Integer.MAX_VALUE) {
            throw new StoreException(Kind.REFUSED, "git.depth must be 0 (all) or more, not " + depth);
        }
        var plain = ssh ? uri.setPass(null) : uri.setUser(null).setPass(null);
        return new Checkout(
                plain.toPrivateString(),
                name == null && secret == null
                        ? null
                        : new Credentials(name == null ? "" : name, secret == null ? "" : secret, null),
                secrets.resolve(namespace, git.sshPrivateKeySecret()),
                git.insecureIgnoreHostKey(),
                git.insecureSkipTLS(),
                empty(git.revision()),
                empty(git.branch()),
                git.singleBranch(),
                (int) depth,
                git.fetch(),
                !git.disableSubmodules());
    }

    private static @Nullable String empty(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    static boolean isSsh(URIish uri) {
        return uri.getScheme() == null || uri.getScheme().equals("ssh");
    }

    /** Never a file of the machine that this runs on. */
    static URIish parse(String repo) throws StoreException {
        try {
            var uri = new URIish(repo);
            boolean scheme = uri.getScheme() == null || SCHEMES.contains(uri.getScheme());
            if (uri.getHost() != null && !uri.getHost().isEmpty() && scheme) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below
        }
        throw new StoreException(
                Kind.REFUSED,
                "git.repo must be a URL of http, https, ssh or git, or user@host:path, not \"" + repo + "\"");
    }
}
