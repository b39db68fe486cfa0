package io.tiphys.artifacts.git;

import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.TransportCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.NoRemoteRepositoryException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.submodule.SubmoduleWalk;
import org.eclipse.jgit.transport.FetchResult;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/** Clones, checks out and packs. A repository lies on disk while this goes on, and no longer. */
final class Repositories {
    private static final int IO_TIMEOUT_SECONDS = 60;
    private static final Duration LONGEST = Duration.ofMinutes(30);
    private static final int DEEPEST_SUBMODULE = 10;
    private static final String ORIGIN = "refs/remotes/origin/";

    private final Path scratch;
    private final @Nullable Path knownHosts;

    Repositories(Path scratch, @Nullable Path knownHosts) {
        PlainSettings.install();
        this.scratch = scratch;
        this.knownHosts = knownHosts;
    }

    /** The work tree and its {@code .git} as a tar.gz; the file is the caller's to delete. */
    Path pack(Checkout checkout, String folder) throws StoreException {
        Path dir = null;
        Path packed = null;
        try {
            Files.createDirectories(scratch);
            dir = Files.createTempDirectory(scratch, "git-");
            clone(checkout, dir);
            packed = Files.createTempFile(scratch, "git-", ".tgz");
            tar(dir, folder, packed);
            return packed;
        } catch (IOException | GitAPIException | RuntimeException e) {
            delete(packed);
            throw refusal(checkout, e);
        } finally {
            delete(dir);
        }
    }

    private static StoreException refusal(Checkout checkout, Exception e) {
        if (e instanceof StoreException told) {
            return told;
        }
        if (e instanceof Ssh.UnusableKeyException unusable) {
            return unusable.refusal(checkout.url());
        }
        return new StoreException(
                isForGood(e) ? Kind.REFUSED : Kind.UNAVAILABLE,
                "cannot check out " + checkout.url() + ": " + said(e),
                e);
    }

    private static boolean isForGood(Exception e) {
        var said = said(e).toLowerCase(Locale.ROOT);
        return e.getCause() instanceof NoRemoteRepositoryException
                || said.contains("not authorized")
                || said.contains("auth")
                || said.contains("not permitted") // what JGit makes of HTTP 403
                || said.contains("not found")
                || said.contains("does not exist");
    }

    private static String said(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void clone(Checkout checkout, Path dir) throws IOException, GitAPIException, StoreException {
        try (var git = Git.init().setDirectory(dir.toFile()).call()) {
            var config = git.getRepository().getConfig();
            config.setString("remote", "origin", "url", checkout.url());
            config.setString("remote", "origin", "fetch", "+refs/heads/*:" + ORIGIN + "*");
            if (checkout.skipTls()) {
                config.setBoolean("http", null, "sslVerify", false);
            }
            config.save();
            try (var transport = new Ssh(checkout, knownHosts, dir)) {
                var fetched = fetch(git, checkout, transport, refSpecs(checkout));
                checkOut(git, checkout, transport, fetched);
                if (checkout.submodules()) {
                    submodules(git.getRepository(), checkout, transport, 0);
                }
            }
        }
    }

    private static List<RefSpec> refSpecs(Checkout checkout) throws StoreException {
        var specs = new ArrayList<RefSpec>();
        specs.add(
                checkout.singleBranch()
                        ? new RefSpec("+refs/heads/" + checkout.branch() + ":" + ORIGIN + checkout.branch())
                        : new RefSpec("+refs/heads/*:" + ORIGIN + "*"));
        for (var spec : checkout.fetch()) {
            try {
                specs.add(new RefSpec(spec));
            } catch (IllegalArgumentException e) {
                throw new StoreException(Kind.REFUSED, "git.fetch: \"" + spec + "\" is no refspec", e);
            }
        }
        return specs;
    }

    private static FetchResult fetch(Git git, Checkout checkout, Ssh transport, List<RefSpec> specs)
            throws GitAPIException {
        var fetch = git.fetch()
                .setRemote("origin")
                .setRefSpecs(specs)
                .setTagOpt(checkout.singleBranch() ? TagOpt.AUTO_FOLLOW : TagOpt.FETCH_TAGS)
                .setProgressMonitor(new Deadline());
        if (checkout.depth() > 0) {
            fetch.setDepth(checkout.depth());
        }
        return prepared(fetch, checkout, transport).call();
    }

    private static <C extends TransportCommand<C, ?>> C prepared(C command, Checkout checkout, Ssh transport) {
        command.setTimeout(IO_TIMEOUT_SECONDS);
        command.setTransportConfigCallback(transport::prepare);
        var user = checkout.user();
        if (user != null && !user.accessKeySecret().isEmpty()) {
            command.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider(user.accessKeyId(), user.accessKeySecret()));
        }
        return command;
    }

    /** A branch is checked out as a branch of its own, anything else as what it is. */
    private static void checkOut(Git git, Checkout checkout, Ssh transport, FetchResult fetched)
            throws IOException, GitAPIException, StoreException {
        var repository = git.getRepository();
        var wanted = checkout.revision() != null ? checkout.revision() : checkout.branch();
        if (wanted == null) {
            wanted = defaultBranch(fetched);
        }
        if (repository.findRef(ORIGIN + wanted) != null) {
            git.checkout()
                    .setCreateBranch(true)
                    .setForced(true)
                    .setName(wanted)
                    .setStartPoint("origin/" + wanted)
                    .call();
            return;
        }
        var commit = resolve(repository, wanted);
        if (commit == null && ObjectId.isId(wanted)) {
            // A commit that the branches' last commits don't show; many servers give it when asked by name.
            fetch(git, checkout, transport, List.of(new RefSpec("+" + wanted + ":refs/tiphys/revision")));
            commit = resolve(repository, wanted);
        }
        if (commit == null) {
            throw new StoreException(Kind.REFUSED, checkout.url() + " has no branch, tag or commit \"" + wanted + "\"");
        }
        git.checkout().setName(commit.name()).setForced(true).call();
    }

    private static @Nullable ObjectId resolve(Repository repository, String revision)
            throws IOException, StoreException {
        try {
            return repository.resolve(revision + "^{commit}");
        } catch (org.eclipse.jgit.errors.RevisionSyntaxException e) {
            throw new StoreException(Kind.REFUSED, "git.revision: \"" + revision + "\" is no revision", e);
        } catch (org.eclipse.jgit.errors.MissingObjectException e) {
            return null;
        }
    }

    private static String defaultBranch(FetchResult fetched) throws StoreException {
        Ref head = fetched.getAdvertisedRef(Constants.HEAD);
        var commit = head == null ? null : head.getObjectId();
        if (head == null || commit == null) {
            throw new StoreException(Kind.REFUSED, "the repository is empty: it has no HEAD");
        }
        if (head.isSymbolic()) {
            return Repository.shortenRefName(head.getTarget().getName());
        }
        for (Ref ref : fetched.getAdvertisedRefs()) {
            if (ref.getName().startsWith(Constants.R_HEADS) && commit.equals(ref.getObjectId())) {
                return Repository.shortenRefName(ref.getName());
            }
        }
        return commit.name();
    }

    private static void submodules(Repository repository, Checkout checkout, Ssh transport, int depth)
            throws IOException, GitAPIException, StoreException {
        if (depth == DEEPEST_SUBMODULE) {
            throw new StoreException(
                    Kind.REFUSED, checkout.url() + " has submodules more than " + depth + " levels deep");
        }
        try (var git = Git.wrap(repository)) {
            if (git.submoduleInit().call().isEmpty()) {
                return;
            }
            try (var walk = SubmoduleWalk.forIndex(repository)) {
                while (walk.next()) {
                    requireElsewhere(walk.getRemoteUrl());
                }
            } catch (org.eclipse.jgit.errors.ConfigInvalidException e) {
                throw new StoreException(Kind.REFUSED, checkout.url() + ": .gitmodules can't be read", e);
            }
            prepared(git.submoduleUpdate(), checkout, transport)
                    .setProgressMonitor(new Deadline())
                    .call();
        }
        try (var walk = SubmoduleWalk.forIndex(repository)) {
            while (walk.next()) {
                try (var inner = walk.getRepository()) {
                    if (inner != null) {
                        submodules(inner, checkout, transport, depth + 1);
                    }
                }
            }
        }
    }

    /** What is relative was resolved against the repository's own URL; a submodule is no way to this machine's files either. */
    private static void requireElsewhere(@Nullable String url) throws StoreException {
        if (url != null) {
            GitDriver.parse(url);
        }
    }

    private static void tar(Path dir, String folder, Path packed) throws IOException {
        try (var tar = new TarArchiveOutputStream(
                new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(packed), 64 * 1024), 64 * 1024))) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            try (var tree = Files.walk(dir)) {
                for (var path : (Iterable<Path>) tree.sorted()::iterator) {
                    add(tar, path, path.equals(dir) ? folder : folder + "/" + dir.relativize(path));
                }
            }
        }
    }

    private static void add(TarArchiveOutputStream tar, Path path, String name) throws IOException {
        TarArchiveEntry entry;
        if (Files.isSymbolicLink(path)) {
            entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(Files.readSymbolicLink(path).toString());
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            entry = new TarArchiveEntry(name + "/");
        } else {
            entry = new TarArchiveEntry(name);
            entry.setSize(Files.size(path));
            entry.setMode(Files.isExecutable(path) && isOwnerExecutable(path) ? 0100755 : 0100644);
        }
        entry.setLastModifiedTime(Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
        tar.putArchiveEntry(entry);
        if (entry.getSize() > 0) {
            Files.copy(path, tar);
        }
        tar.closeArchiveEntry();
    }

    private static boolean isOwnerExecutable(Path path) throws IOException {
        return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
                .contains(java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE);
    }

    private static void delete(@Nullable Path tree) {
        if (tree == null || !Files.exists(tree)) {
            return;
        }
        try {
            Files.walkFileTree(tree, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) throws IOException {
                    Files.delete(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            System.getLogger(Repositories.class.getName())
                    .log(System.Logger.Level.WARNING, "{0} could not be removed: {1}", tree, e.getMessage());
        }
    }

    /** Ends what takes too long. */
    private static final class Deadline extends EmptyProgressMonitor {
        private final long end = System.nanoTime() + LONGEST.toNanos();

        @Override
        public boolean isCancelled() {
            return System.nanoTime() - end > 0;
        }
    }
}
