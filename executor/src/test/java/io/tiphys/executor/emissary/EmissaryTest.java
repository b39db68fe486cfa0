package io.tiphys.executor.emissary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tiphys.executor.names.FileNames;
import io.tiphys.executor.names.RawNames;
import io.tiphys.transfer.Crc64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real emissary processes, as they stand beside a user's command. */
class EmissaryTest {
    private static final Path PROGRAM = Path.of("target/dist/tiphys/emissary").toAbsolutePath();

    private final List<Process> processes = new ArrayList<>();
    private Path dir = Path.of(".");

    @BeforeEach
    void openGate() throws IOException {
        dir = Files.createTempDirectory("em");
        Files.createDirectories(dir.resolve("ctr/main"));
        Files.writeString(dir.resolve("staged"), "ok");
    }

    @AfterEach
    void stop() throws IOException {
        for (var process : processes) {
            process.destroyForcibly().onExit().join();
        }
        try (var paths = Files.walk(dir)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }

    private Process run(String... arguments) throws IOException {
        var command =
                new ArrayList<>(List.of(PROGRAM.toString(), "run", "--container", "main", "--dir", dir.toString()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("console").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private Emissary emissary() {
        var emissary = new Emissary("main", dir.resolve("ctr/main/sock"));
        await().until(emissary::isThere);
        return emissary;
    }

    private String console() throws IOException {
        return Files.readString(dir.resolve("console"));
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("emissary ends").isTrue();
        return process.exitValue();
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 3, 3", "kill -9 $$, 137", "kill -TERM $$, 143"})
    void exitsAsTheCommandDidOnceReleased(String script, int code) throws Exception {
        var process = run("--", "sh", "-c", script);
        var emissary = emissary();
        assertThat(emissary.awaitExit()).isEqualTo(code);
        assertThat(process.isAlive()).isTrue();
        emissary.release();
        assertThat(exitCode(process)).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "no-such-command, 127, not found in PATH",
        "/no/such/file, 127, no such file",
        "/etc/passwd, 126, Permission denied"
    })
    void commandThatCannotStartIsExplained(String command, int code, String reason) throws Exception {
        assertThat(exitCode(run("--no-wait", "--", command))).isEqualTo(code);
        assertThat(console()).contains("cannot run \"" + command + "\"", reason);
    }

    @Test
    void missingInterpreterIsExplained() throws Exception {
        var script = Files.writeString(dir.resolve("script"), "#!/no/such/interpreter\n");
        script.toFile().setExecutable(true);
        assertThat(exitCode(run("--no-wait", "--", script.toString()))).isEqualTo(127);
        assertThat(console()).contains("interpreter or loader does not exist");
    }

    @Test
    void sidecarThatBeginsAfterTheEndStartsNothing() throws Exception {
        Files.writeString(dir.resolve("over"), "");
        assertThat(exitCode(run("--", "sh", "-c", "touch " + dir.resolve("ran") + "; sleep 300")))
                .isZero();
        assertThat(dir.resolve("ran")).doesNotExist();
    }

    @Test
    void refusesToStartWhenStagingFailed() throws Exception {
        Files.writeString(dir.resolve("staged"), "input artifact \"x\" is not there\n");
        assertThat(exitCode(run("--", "touch", dir.resolve("ran").toString()))).isEqualTo(125);
        assertThat(console()).contains("input artifact \"x\" is not there");
        assertThat(dir.resolve("ran")).doesNotExist();
    }

    @Test
    void waitsForTheGate() throws Exception {
        Files.delete(dir.resolve("staged"));
        var process = run("--no-wait", "--", "true");
        var hook = new ProcessBuilder(
                        PROGRAM.toString(), "await", dir.resolve("staged").toString())
                .start();
        processes.add(hook);
        assertThat(process.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
        Files.writeString(dir.resolve("staged.half"), "ok");
        Files.move(dir.resolve("staged.half"), dir.resolve("staged"));
        assertThat(exitCode(process)).isZero();
        assertThat(exitCode(hook)).isZero();
    }

    @Test
    void keepsOutputWhereFilesWerePut() throws Exception {
        Files.createFile(dir.resolve("ctr/main/log"));
        Files.createFile(dir.resolve("ctr/main/stdout"));
        assertThat(exitCode(run("--no-wait", "--", "sh", "-c", "echo out; echo err >&2")))
                .isZero();
        assertThat(console()).contains("out\n", "err\n");
        assertThat(dir.resolve("ctr/main/log")).content().contains("out\n", "err\n");
        assertThat(dir.resolve("ctr/main/stdout")).hasContent("out");
        assertThat(dir.resolve("ctr/main/exitcode")).hasContent("0");
    }

    @Test
    void forwardsSignalsToTheWholeGroup() throws Exception {
        var process = run(
                "--no-wait",
                "--",
                "sh",
                "-c",
                "trap 'echo got it; exit 7' TERM; echo ready; while :; do sleep 1; done");
        await().until(() -> console().contains("ready"));
        process.destroy();
        assertThat(exitCode(process)).isEqualTo(7);
        assertThat(console()).contains("got it");
    }

    @Test
    void executorMaySignalAndOrphansAreReaped() throws Exception {
        run("--", "sh", "-c", "(sh -c 'sleep 0.05; exit 0' &) ; echo ready; exec sleep 1000");
        var emissary = emissary();
        await().until(() -> console().contains("ready"));
        await("no zombie stays").until(() -> processes.getFirst().descendants().noneMatch(p -> zombie(p.pid())));
        emissary.signal(15);
        assertThat(emissary.awaitExit()).isEqualTo(143);
        emissary.signal(15);
        emissary.release();
    }

    private static boolean zombie(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void doesNotWaitForASilentExecutorForEver() throws Exception {
        assertThat(exitCode(run("--release-timeout", "1", "--", "sh", "-c", "exit 4")))
                .isEqualTo(4);
        assertThat(console()).contains("the executor has been silent");
    }

    @Test
    void servesFilesAsTheContainerSeesThem() throws Exception {
        var tree = Files.createDirectory(dir.resolve("tree"));
        Files.writeString(tree.resolve("file"), "0123456789");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
        Files.createDirectory(tree.resolve("sub"));
        run("--", "true");
        var emissary = emissary();

        assertThat(emissary.stat(tree.resolve("link").toString())).satisfies(entry -> {
            assertThat(entry.isRegular()).isTrue();
            assertThat(entry.sizeBytes()).isEqualTo(10);
        });
        assertThat(emissary.list(tree.toString()))
                .extracting(FileEntry::name, FileEntry::link, FileEntry::isDirectory)
                .containsExactlyInAnyOrder(
                        tuple("file", "", false), tuple("link", "file", false), tuple("sub", "", true));
        try (var in = emissary.read(tree.resolve("file").toString(), 3, 4)) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("3456");
        }
        assertThatThrownBy(() -> emissary.stat("/no/such")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> emissary.read(tree.toString(), 0, 1).readAllBytes())
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is a directory");
    }

    @Test
    void fifoDoesNotHoldIt() throws Exception {
        var fifo = dir.resolve("fifo").toString();
        run("--", "mkfifo", fifo);
        var emissary = emissary();
        assertThat(emissary.awaitExit()).isZero();
        assertThatThrownBy(() -> emissary.read(fifo, 0, 1).readAllBytes()).hasMessageContaining("no regular file");
    }

    @Test
    void isGoneWhenItsContainerIsKilled() throws Exception {
        var process = run("--", "sleep", "1000");
        var emissary = emissary();
        process.destroyForcibly().onExit().join();
        assertThatThrownBy(emissary::awaitExit).isInstanceOf(EmissaryGoneException.class);
    }

    private void left(String container, int code) throws IOException {
        var directory = Files.createDirectories(dir.resolve("ctr").resolve(container));
        Files.writeString(directory.resolve("half"), code + "\n");
        Files.move(directory.resolve("half"), directory.resolve("exitcode"));
    }

    @Test
    void startsWhenThoseBeforeItHaveSucceeded() throws Exception {
        left("a", 0);
        var process = run(
                "--no-wait",
                "--after",
                "a",
                "--after",
                "b",
                "--",
                "touch",
                dir.resolve("ran").toString());
        assertThat(process.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(dir.resolve("ran")).doesNotExist();
        left("b", 0);
        assertThat(exitCode(process)).isZero();
        assertThat(dir.resolve("ran")).exists();
    }

    @Test
    void neverStartsWhenOneBeforeItFailed() throws Exception {
        left("a", 3);
        var process = run(
                "--no-wait", "--after", "a", "--", "touch", dir.resolve("ran").toString());
        assertThat(exitCode(process)).isEqualTo(64);
        assertThat(console()).contains("dependency \"a\" exited with non-zero code: 3");
        assertThat(dir.resolve("ran")).doesNotExist();
        assertThat(dir.resolve("ctr/main/exitcode")).hasContent("3");
    }

    @Test
    void endsWhenToldSoWhileItWaits() throws Exception {
        var process = run("--no-wait", "--after", "a", "--", "true");
        emissary();
        process.destroy();
        assertThat(exitCode(process)).isEqualTo(143);
    }

    @Test
    void repeatsInPlaceUntilItSucceeds() throws Exception {
        var count = dir.resolve("count");
        var process = run(
                "--no-wait",
                "--attempts",
                "3",
                "--pause",
                "10",
                "--",
                "sh",
                "-c",
                "echo x >> " + count + "; [ $(wc -l < " + count + ") -ge 2 ]");
        assertThat(exitCode(process)).isZero();
        assertThat(count).hasContent("x\nx");
    }

    @Test
    void givesUpAfterTheLastAttempt() throws Exception {
        var count = dir.resolve("count");
        assertThat(exitCode(run("--no-wait", "--attempts", "2", "--", "sh", "-c", "echo x >> " + count + "; exit 5")))
                .isEqualTo(5);
        assertThat(count).hasContent("x\nx");
        assertThat(dir.resolve("ctr/main/exitcode")).hasContent("5");
    }

    @Test
    void waitsForSomebodyToLookAround() throws Exception {
        var command = new ProcessBuilder(
                PROGRAM.toString(), "run", "--container", "main", "--dir", dir.toString(), "--no-wait", "--", "true");
        command.environment().put("ARGO_DEBUG_PAUSE_BEFORE", "true");
        command.environment().put("ARGO_DEBUG_PAUSE_AFTER", "true");
        var process = command.start();
        processes.add(process);
        assertThat(process.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
        Files.createFile(dir.resolve("ctr/main/before"));
        assertThat(process.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
        Files.createFile(dir.resolve("ctr/main/after"));
        assertThat(exitCode(process)).isZero();
    }

    @Test
    void installsItself() throws Exception {
        var copy = dir.resolve("copy");
        var process = new ProcessBuilder(PROGRAM.toString(), "install", copy.toString()).start();
        processes.add(process);
        assertThat(exitCode(process)).isZero();
        assertThat(copy).isExecutable().hasSameBinaryContentAs(PROGRAM);
    }

    @Test
    void sumsAreThoseOfTheBytes() throws Exception {
        run("--", "true");
        var emissary = emissary();
        var bytes = new byte[3_000_001];
        new SplittableRandom(1).nextBytes(bytes);
        var file = Files.write(dir.resolve("file"), bytes);
        long changed = emissary.stat(file.toString()).changed();
        assertThat(emissary.digest(file.toString(), 0, bytes.length, changed))
                .isEqualTo(digest(bytes, 0, bytes.length));
        assertThat(emissary.digest(file.toString(), 7, 1_000, 0)).isEqualTo(digest(bytes, 7, 1_000));
        for (int piece : new int[] {65_536, 100_000, 200_000}) { // by lanes where it can, one by one elsewhere
            var digests = emissary.digests(file.toString(), 0, bytes.length, piece, changed);
            assertThat(digests).hasSize((bytes.length + piece - 1) / piece);
            for (int n = 0; n < digests.size(); n++) {
                assertThat(digests.get(n))
                        .isEqualTo(digest(bytes, n * piece, Math.min(piece, bytes.length - n * piece)));
            }
        }
    }

    private static Emissary.Digest digest(byte[] bytes, int from, int length) throws Exception {
        var piece = Arrays.copyOfRange(bytes, from, from + length);
        var md5 = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(piece));
        return new Emissary.Digest(length, md5, Crc64.of(piece));
    }

    @Test
    void fileThatWasChangedIsNotRead() throws Exception {
        run("--", "true");
        var emissary = emissary();
        var file = Files.writeString(dir.resolve("file"), "before");
        long changed = emissary.stat(file.toString()).changed();
        await().until(() -> {
            Files.writeString(file, "behind");
            return emissary.stat(file.toString()).changed() != changed;
        });
        assertThatThrownBy(() -> emissary.digest(file.toString(), 0, 6, changed))
                .hasMessageContaining("was changed while it was being read");
        try (var in = emissary.read(file.toString(), 0, 6, changed);
                var pages = emissary.readSummed(file.toString(), 0, 6, changed)) {
            assertThatThrownBy(in::readAllBytes).hasMessageContaining("was changed while it was being read");
            assertThatThrownBy(pages::readAllBytes).hasMessageContaining("was changed while it was being read");
        }
    }

    @Test
    void pagesAreTheBytesOfTheFile() throws Exception {
        run("--", "true");
        var emissary = emissary();
        var bytes = new byte[3_000_001]; // several chunks
        new SplittableRandom(2).nextBytes(bytes);
        var file = Files.write(dir.resolve("file"), bytes).toString();
        long changed = emissary.stat(file).changed();
        try (var in = emissary.readSummed(file, 0, bytes.length, changed)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        try (var in = emissary.readSummed(file, 5, 1_500_000, changed)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 5, 1_500_005));
        }
        try (var in = emissary.readSummed(file, 2_999_999, 1_000, changed)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 2_999_999, bytes.length));
        }
        var pieces = ByteBuffer.allocateDirect(bytes.length + 1);
        try (var in = emissary.readSummed(file, 0, bytes.length, changed)) {
            var channel = (ReadableByteChannel) in;
            for (int n = 0; n >= 0; ) {
                n = channel.read(pieces);
            }
        }
        assertThat(pieces.flip()).isEqualTo(ByteBuffer.wrap(bytes));
    }

    @Test
    void fileThatBecomesShorterWhileItsPagesAreSentIsNamed() throws Exception {
        run("--", "true");
        var emissary = emissary();
        int size = 8 << 20; // more than the socket takes before anybody reads
        var file = Files.write(dir.resolve("file"), new byte[size]);
        long changed = emissary.stat(file.toString()).changed();
        try (var in = emissary.readSummed(file.toString(), 0, size, changed)) {
            assertThat(in.readNBytes(1_000)).hasSize(1_000);
            await().until(() -> {
                Files.write(file, new byte[10]);
                return emissary.stat(file.toString()).changed() != changed;
            });
            assertThatThrownBy(in::readAllBytes).hasMessageContaining("was changed while it was being read");
        }
    }

    @Test
    void manyFilesAreReadAheadOverOneConnection() throws Exception {
        run("--", "true");
        var emissary = emissary();
        var tree = Files.createDirectory(dir.resolve("tree"));
        for (int n = 0; n < 200; n++) {
            Files.writeString(tree.resolve("f" + n), "content " + n);
        }
        Files.createFile(tree.resolve("gone"));
        try (var ahead = emissary.readAhead()) {
            var waiting = new ArrayDeque<Integer>();
            for (int n = 0; n < 200 || !waiting.isEmpty(); n++) {
                if (n < 200) {
                    var path = tree.resolve("f" + n).toString();
                    ahead.ask(path, emissary.stat(path));
                    waiting.add(n);
                }
                while (!waiting.isEmpty() && (n >= 199 || !ahead.hasRoom())) {
                    try (var in = ahead.next()) {
                        assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("content " + waiting.remove());
                    }
                }
            }
            var gone = tree.resolve("gone");
            ahead.ask(gone + "-away", emissary.stat(gone.toString()));
            try (var in = ahead.next()) {
                assertThatThrownBy(in::readAllBytes).isInstanceOf(NoSuchFileException.class);
            }
        }
    }

    @Test
    void namesThatJavaHasNotAreGivenByEmissary() throws Exception {
        var odd = FileNames.decode(new byte[] {'n', (byte) 0xe9});
        var names = new RawNames(PROGRAM);
        var directory = names.member(dir, odd);
        Files.createDirectories(directory);
        Files.writeString(names.member(directory, odd), "inside");
        names.link(dir.resolve("link"), odd);
        names.member(dir, odd + "-left-out");
        names.settle();
        var process = new ProcessBuilder("sh", "-c", "cat link/n*; ls")
                .directory(dir.toFile())
                .start();
        var said = FileNames.decode(process.getInputStream().readAllBytes());
        assertThat(said).startsWith("inside").contains("\n" + odd + "\n").doesNotContain(".tiphys");
    }

    private Path lines(String... texts) throws IOException {
        var file = dir.resolve("main.lines");
        Files.writeString(file, String.join("\0", texts) + "\0");
        return file;
    }

    @Test
    void passesFiveMegabytesOfArgumentsOn() throws Exception {
        var texts = new ArrayList<>(List.of("sh", "-c", "echo $# $(( $(printf %s \"$*\" | wc -c) )) \"$1\"", "sh"));
        for (int i = 0; i < 100_000; i++) {
            texts.add("%050d".formatted(i));
        }
        var process = run(
                "--no-wait", "--args-file", lines(texts.toArray(String[]::new)).toString(), "--");

        assertThat(exitCode(process)).isZero();
        assertThat(console().strip()).isEqualTo("100000 5099999 " + "%050d".formatted(0));
    }

    @Test
    void replacesVariablesInFilesAsTheKubeletDoes() throws Exception {
        Files.writeString(dir.resolve("env"), "NAME=tiphys\0GREETING=hello $(NAME)\0");
        var process = run(
                "--no-wait",
                "--env-file",
                dir.resolve("env").toString(),
                "--args-file",
                lines("$(GREETING)!", "$$(NAME)", "$(NOT_SET)", "100%$").toString(),
                "--",
                "printf",
                "%s,");

        assertThat(exitCode(process)).isZero();
        assertThat(console()).isEqualTo("hello tiphys!,$(NAME),$(NOT_SET),100%$,");
    }

    @Test
    void saysWhichArgumentLinuxDoesNotTake() throws Exception {
        var process = run(
                "--no-wait",
                "--args-file",
                lines("echo", "x", "y".repeat(140_000)).toString(),
                "--");

        assertThat(exitCode(process)).isEqualTo(125);
        assertThat(console()).contains("argument 2").contains("140000 bytes").contains("at most 131071");
    }

    @Test
    void saysHowMuchLinuxTakesInAll() throws Exception {
        var texts = new ArrayList<>(List.of("true"));
        for (int i = 0; i < 70; i++) {
            texts.add("z".repeat(100_000));
        }
        var process = run(
                "--no-wait", "--args-file", lines(texts.toArray(String[]::new)).toString(), "--");

        assertThat(exitCode(process)).isEqualTo(126);
        assertThat(console()).contains("at most 6291456 in all");
    }
}
