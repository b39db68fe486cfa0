package io.tiphys.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisedProcessTest {
    @TempDir
    private Path directory = Path.of("");

    private Home home = new Home(Path.of(""));
    private Board board = new Board(home);

    @BeforeEach
    void prepare() throws IOException {
        home = new Home(directory);
        home.create();
        board = new Board(home);
        board.add("job", 1, "");
    }

    private SupervisedProcess process(String script) {
        return new SupervisedProcess(
                new ProcessSpec(
                        "job",
                        List.of("sh", "-c", script),
                        Map.of("COLOUR", "blue"),
                        home.log("job"),
                        () -> true,
                        ProcessSpec.StopSignal.TERMINATE),
                board);
    }

    private Part job() {
        return board.parts().getFirst();
    }

    private long pid() {
        return Objects.requireNonNull(job().pid());
    }

    @Test
    void startsAgainWhatDies() throws InterruptedException {
        SupervisedProcess process = process("exec sleep 1000");
        process.start();
        await().until(() -> job().isReady() && job().pid() != null);
        long first = pid();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        await().until(() -> job().isReady() && job().restarts() == 1);
        long second = pid();
        assertThat(second).isNotEqualTo(first);
        process.stop();
        process.awaitStop(Duration.ofSeconds(5));
        assertThat(ProcessHandle.of(second).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(job().state()).isEqualTo(Part.State.STOPPED);
    }

    @Test
    void aRestartIsNoDeath() throws InterruptedException {
        SupervisedProcess process = process("exec sleep 1000");
        process.start();
        await().until(() -> job().isReady() && job().pid() != null);
        long first = pid();
        process.restart("wanted", Duration.ofSeconds(5));
        assertThat(board.awaitReady(List.of("job"), Duration.ofSeconds(20))).isTrue();
        await().until(() -> job().pid() != null);
        assertThat(pid()).isNotEqualTo(first);
        assertThat(job().restarts()).isZero();
        process.stop();
        process.awaitStop(Duration.ofSeconds(5));
    }

    @Test
    void saysWhyItDied() {
        SupervisedProcess process = process("echo $COLOUR; exit 7");
        process.start();
        await().until(() -> job().state() == Part.State.RESTARTING);
        assertThat(job().message())
                .contains("exit code 7")
                .contains(home.log("job").toString());
        process.stop();
        assertThat(home.log("job")).hasContent("blue");
    }

    @Test
    void killsWhatDoesNotStop() throws InterruptedException {
        SupervisedProcess process = process("trap '' TERM; echo armed; while :; do sleep 1; done");
        process.start();
        await().until(() -> job().isReady() && Files.readString(home.log("job")).contains("armed"));
        long pid = pid();
        process.stop();
        process.awaitStop(Duration.ofMillis(300));
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
}
