package io.tiphys.local.system;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one process running: starts it, watches its health, starts it again when it dies (after half a second, then
 * twice as long each time up to half a minute; a minute of life resets that), and tells the {@link Board}. One that dies
 * again and again without ever having been ready has failed; it is tried no more. {@link #restart} is no death.
 *
 * <p>starting → ready ⇄ restarting → …; failed and stopped are final.
 */
final class SupervisedProcess {
    private static final System.Logger LOG = System.getLogger(SupervisedProcess.class.getName());
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);
    private static final int MAX_FAILED_STARTS = 6;
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);
    private static final long LOG_ROTATION_BYTES = 32L * 1024 * 1024;

    private final ProcessSpec spec;
    private final Board board;
    private final Thread keeper;
    private volatile @Nullable Process process;
    private volatile boolean stopping;
    private volatile @Nullable String restartReason;
    private volatile boolean wasEverReady;

    SupervisedProcess(ProcessSpec spec, Board board) {
        this.spec = spec;
        this.board = board;
        this.keeper = Thread.ofVirtual().name("supervise-" + spec.name()).unstarted(this::keep);
    }

    void start() {
        keeper.start();
    }

    String name() {
        return spec.name();
    }

    private void keep() {
        Duration backoff = FIRST_BACKOFF;
        int restarts = 0;
        try {
            while (!stopping) {
                long begun = System.nanoTime();
                String end = runOnce(restarts);
                if (stopping) {
                    return;
                }
                if (restartReason != null) {
                    restartReason = null;
                    backoff = FIRST_BACKOFF;
                    continue;
                }
                boolean lived = System.nanoTime() - begun > LONG_ENOUGH.toNanos();
                backoff = lived ? FIRST_BACKOFF : backoff;
                restarts++;
                if (!wasEverReady && restarts == MAX_FAILED_STARTS) {
                    fail(end);
                    return;
                }
                String message = end + "; starting it again in " + backoff.toMillis() + " ms; see " + spec.log();
                LOG.log(System.Logger.Level.WARNING, spec.name() + " " + message);
                board.update(spec.name(), part -> part.withState(Part.State.RESTARTING, message));
                Thread.sleep(backoff);
                Duration doubled = backoff.multipliedBy(2);
                backoff = doubled.compareTo(LONGEST_BACKOFF) < 0 ? doubled : LONGEST_BACKOFF;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(String end) {
        String message =
                end + " " + MAX_FAILED_STARTS + " times: " + lastLine(spec.log()) + " (log: " + spec.log() + ")";
        LOG.log(System.Logger.Level.ERROR, spec.name() + " " + message);
        board.update(spec.name(), part -> part.withState(Part.State.FAILED, message));
    }

    private static String lastLine(Path log) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            file.seek(Math.max(0, file.length() - 2048));
            byte[] tail = new byte[2048];
            int read = Math.max(0, file.read(tail));
            return new String(tail, 0, read, StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .reduce("", (_, line) -> line);
        } catch (IOException _) {
            return "";
        }
    }

    /** Runs the process to its end and says how it ended. */
    private String runOnce(int restarts) throws InterruptedException {
        Process running;
        try {
            running = launch();
        } catch (IOException e) {
            return "can't be started: " + e.getMessage();
        }
        process = running;
        if (stopping) {
            running.destroy();
        }
        board.update(spec.name(), part -> part.withProcess(running.pid(), restarts));
        watchHealth(running);
        int exit = running.waitFor();
        board.update(spec.name(), part -> part.withProcess(null, restarts).withRss(0));
        return exit > 128 ? "was killed (signal " + (exit - 128) + ")" : "ended with exit code " + exit;
    }

    private Process launch() throws IOException {
        rotate(spec.log());
        ProcessBuilder builder = new ProcessBuilder(spec.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        Map<String, String> environment = builder.environment();
        environment.putAll(spec.environment());
        Process started = builder.start();
        started.getOutputStream().close();
        return started;
    }

    private static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LOG_ROTATION_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void watchHealth(Process running) throws InterruptedException {
        boolean wasReady = false;
        while (!running.waitFor(wasReady ? 3000 : 200, TimeUnit.MILLISECONDS)) {
            boolean ready = spec.ready().getAsBoolean();
            if (ready && !wasReady) {
                wasEverReady = true;
                board.ready(spec.name());
            } else if (!ready && wasReady) {
                board.update(
                        spec.name(), part -> part.withState(Part.State.STARTING, "runs, but says that it isn't ready"));
            }
            wasReady = ready;
            board.update(spec.name(), part -> part.withRss(ProcessMemory.residentBytes(running.pid())));
        }
    }

    /** Ends the process in order, or by force when it takes too long; a new one is started at once. */
    void restart(String reason, Duration atMost) throws InterruptedException {
        Process running = process;
        if (stopping || running == null || !running.isAlive()) {
            return; // what is started next finds all that has changed
        }
        restartReason = reason;
        board.update(spec.name(), part -> part.withState(Part.State.RESTARTING, reason));
        running.destroy();
        if (!running.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly().waitFor();
        }
    }

    /** Asks the process to end and returns; {@link #awaitStop} waits for it. */
    void stop() {
        stopping = true;
        Process running = process;
        if (running == null || !running.isAlive()) {
            keeper.interrupt();
            return;
        }
        if (spec.stopSignal() == ProcessSpec.StopSignal.INTERRUPT) {
            interrupt(running);
        } else {
            running.destroy();
        }
    }

    private static void interrupt(Process running) {
        try {
            new ProcessBuilder("sh", "-c", "kill -INT " + running.pid()).start().waitFor(2, TimeUnit.SECONDS);
        } catch (IOException _) {
            running.destroy();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the end; kills what hasn't ended by then. */
    void awaitStop(Duration atMost) throws InterruptedException {
        Process running = process;
        if (running != null && !running.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            running.descendants().forEach(ProcessHandle::destroyForcibly);
            running.destroyForcibly().waitFor();
        }
        keeper.join(Duration.ofSeconds(2));
        board.update(spec.name(), part -> part.withState(Part.State.STOPPED, null));
    }
}
