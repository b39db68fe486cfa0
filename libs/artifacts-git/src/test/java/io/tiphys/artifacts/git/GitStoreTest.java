package io.tiphys.artifacts.git;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.internal.WorkQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository with two commits on main, a branch, a tag and a submodule, over HTTP and ssh. */
class GitStoreTest {
    private static final Map<String, String> VALUES = new HashMap<>(
            Map.of("default/git/user", "jason", "default/git/password", "fl33ce", "default/git/rubbish", "s3cr3t"));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path dir;

    @SuppressWarnings("NullAway.Init") // set before all
    private static GitServer server;

    private static String first = "";

    @BeforeAll
    static void start() throws Exception {
        var pair = KeyPairGenerator.getInstance("RSA");
        pair.initialize(2048);
        var key = pair.generateKeyPair();
        VALUES.put(
                "default/git/key",
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(key.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        server = new GitServer(dir.resolve("served"), key.getPublic());
        repository("part").close();
        try (var git = repository("ship.git")) {
            first = Objects.requireNonNull(git.getRepository().resolve("main")).name();
            git.tag().setName("v1").call();
            git.branchCreate().setName("other").call();
            commit(git, "b.txt", "second");
            git.submoduleAdd()
                    .setURI(server.http("part"))
                    .setPath("part")
                    .call()
                    .close();
            git.commit().setMessage("with its part").setSign(false).call();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @AfterEach
    void everythingIsCleanedUp() throws IOException {
        server.authorization = "";
        try (var left = Files.list(Files.createDirectories(dir.resolve("scratch")))) {
            assertThat(left).isEmpty();
        }
    }

    private static Git repository(String name) throws Exception {
        var git = Git.init()
                .setDirectory(dir.resolve("served").resolve(name).toFile())
                .setInitialBranch("main")
                .call();
        Files.createSymbolicLink(git.getRepository().getWorkTree().toPath().resolve("link"), Path.of("a.txt"));
        commit(git, "a.txt", "first of " + name);
        return git;
    }

    private static void commit(Git git, String file, String content) throws Exception {
        Files.writeString(git.getRepository().getWorkTree().toPath().resolve(file), content);
        git.add().addFilepattern(".").call();
        git.commit()
                .setMessage(content)
                .setSign(false)
                .setAuthor("Argus", "argus@example.com")
                .setCommitter("Argus", "argus@example.com")
                .call();
    }

    private static Located locate(String repo, Map<String, Object> more) throws StoreException {
        var git = new HashMap<String, Object>(more);
        git.put("repo", repo);
        var driver = new GitDriver(dir.resolve("scratch"), null);
        return new Stores(
                        List.of(driver),
                        (namespace, secret, key) ->
                                Optional.ofNullable(VALUES.get(namespace + "/" + secret + "/" + key)))
                .locate("default", Map.of("git", git));
    }

    private static Map<String, Object> secret(String key) {
        return Map.of("name", "git", "key", key);
    }

    /** Name → content, or where a link leads. */
    private static Map<String, String> unpacked(Located located) throws IOException {
        var files = new TreeMap<String, String>();
        try (var in = located.store().read(located.key());
                var tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(
                        entry.getName(),
                        entry.isSymbolicLink() ? "→" + entry.getLinkName() : new String(tar.readAllBytes(), UTF_8));
            }
        }
        return files;
    }

    @Test
    void theDefaultBranchWithItsSubmodules() throws Exception {
        var located = locate(server.http("ship.git"), Map.of());
        assertThat(located.key()).isEqualTo("ship.tgz");
        assertThat(located.store().head("ship.tgz").orElseThrow().sizeBytes()).isEqualTo(-1);
        var files = unpacked(located);
        assertThat(files)
                .containsEntry("ship/a.txt", "first of ship.git")
                .containsEntry("ship/b.txt", "second")
                .containsEntry("ship/link", "→a.txt")
                .containsEntry("ship/part/a.txt", "first of part")
                .containsEntry("ship/.git/HEAD", "ref: refs/heads/main\n");
    }

    /** What JGit does in the background would find the repository half packed or half removed. */
    @Test
    void nothingIsLeftToTheBackground() throws Exception {
        var background = (ThreadPoolExecutor) WorkQueue.getExecutor();
        long before = background.getTaskCount();
        unpacked(locate(server.http("ship.git"), Map.of()));
        assertThat(background.getTaskCount()).isEqualTo(before);
    }

    @Test
    void aBranchATagAndACommit() throws Exception {
        for (var revision : List.of("other", "v1", first)) {
            assertThat(unpacked(locate(server.http("ship.git"), Map.of("revision", revision))))
                    .as(revision)
                    .containsKey("ship/a.txt")
                    .doesNotContainKey("ship/b.txt");
        }
        assertThatThrownBy(() -> unpacked(locate(server.http("ship.git"), Map.of("revision", "v2"))))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("has no branch, tag or commit \"v2\"");
    }

    @Test
    void aShallowSingleBranchWithoutSubmodules() throws Exception {
        var files = unpacked(locate(
                server.http("ship.git"),
                Map.of("depth", 1, "singleBranch", true, "branch", "main", "disableSubmodules", true)));
        assertThat(files)
                .containsKey("ship/b.txt")
                .containsKey("ship/.git/shallow")
                .doesNotContainKey("ship/part/a.txt");
        assertThat(files.keySet()).noneMatch(name -> name.startsWith("ship/.git/refs/remotes/origin/other"));
    }

    @Test
    void moreRefsAreFetchedWhenAskedFor() throws Exception {
        var files = unpacked(locate(
                server.http("ship.git"),
                Map.of(
                        "singleBranch",
                        true,
                        "branch",
                        "main",
                        "disableSubmodules",
                        true,
                        "fetch",
                        List.of("refs/heads/other:refs/other"))));
        assertThat(files.get("ship/.git/packed-refs")).contains(first + " refs/other\n");
    }

    @Test
    void aPasswordIsSentAndNeverLeftBehind() throws Exception {
        server.admitOnly("jason", "fl33ce");
        var auth = Map.<String, Object>of("usernameSecret", secret("user"), "passwordSecret", secret("password"));
        var files = unpacked(locate(server.http("ship.git"), auth));
        assertThat(files).containsKey("ship/b.txt").containsKey("ship/part/a.txt");
        assertThat(files.values()).noneMatch(content -> content.contains("fl33ce"));
        assertThatThrownBy(() -> unpacked(locate(server.http("ship.git").replace("//", "//jason:wr0ng@"), Map.of())))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageNotContaining("wr0ng");
    }

    @Test
    void sshWithAKey() throws Exception {
        var options = new HashMap<String, Object>(
                Map.of("sshPrivateKeySecret", secret("key"), "insecureIgnoreHostKey", true, "disableSubmodules", true));
        assertThat(unpacked(locate(server.ssh("ship.git"), options))).containsKey("ship/b.txt");
        options.put("insecureIgnoreHostKey", false);
        assertThatThrownBy(() -> unpacked(locate(server.ssh("ship.git"), options)))
                .isInstanceOf(StoreException.class);
        options.put("sshPrivateKeySecret", secret("rubbish"));
        assertThatThrownBy(() -> unpacked(locate(server.ssh("ship.git"), options)))
                .hasMessageContaining("git.sshPrivateKeySecret")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void filesOfThisMachineAreNoRepository() {
        for (var repo : List.of("/etc", "file:///etc", "../x", "")) {
            assertThatThrownBy(() -> locate(repo, Map.of())).hasMessageContaining("git.repo must be a URL");
        }
        assertThatThrownBy(() -> locate("https://h/x", Map.of("singleBranch", true)))
                .hasMessage("git.singleBranch needs git.branch");
    }

    @Test
    void aRepositoryThatIsNotThere() {
        assertThatThrownBy(() -> unpacked(locate(server.http("none"), Map.of())))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }
}
