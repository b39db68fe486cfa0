package io.tiphys.executor;

import io.tiphys.executor.emissary.Emissary;
import io.tiphys.transfer.PodTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The directory that the executor shares with the user's containers, and what lies where in it:
 *
 * <ul>
 *   <li>{@code emissary}: the program
 *   <li>{@code staged}: the gate; {@code ok}, or why inputs could not be staged
 *   <li>{@code lines/<container>.args}, {@code …env}: what of a command line or environment is too long for the pod's object
 *   <li>{@code ctr/<container>/sock}: that container's emissary
 *   <li>{@code ctr/<container>/log}, {@code …/stdout}: its output, kept when the executor has created the file
 *   <li>{@code ctr/<container>/exitcode}: written by emissary at the end
 *   <li>{@code over}: the containers that are waited for have ended; emissary starts no sidecar any more
 *   <li>{@code reported}: the executor's own mark that nothing is left to do
 * </ul>
 */
public final class Rendezvous {
    private static final String OK = "ok";

    private final Path dir;

    public Rendezvous(Path dir) {
        this.dir = dir;
    }

    void prepare(PodTask task, Path program) throws IOException {
        openForAll(dir);
        openForAll(dir.resolve("ctr"));
        for (var container : task.containers()) {
            openForAll(of(container));
        }
        for (var container : task.sidecars()) {
            openForAll(of(container));
        }
        if (task.outputs().result()) {
            touch(standardOutput(task.outputContainer()));
        }
        for (var log : task.outputs().logs()) {
            touch(log(log.container()));
        }
        if (!task.lines().isEmpty()) {
            openForAll(dir.resolve("lines"));
        }
        for (var lines : task.lines().entrySet()) {
            writeLines(dir.resolve("lines").resolve(lines.getKey()), lines.getValue());
        }
        install(program);
    }

    /** Each followed by a NUL, which no argument and no variable can hold. */
    private static void writeLines(Path file, List<String> lines) throws IOException {
        try (var out = Files.newBufferedWriter(file)) {
            for (var line : lines) {
                out.write(line);
                out.write(0);
            }
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private void install(Path program) throws IOException {
        var installed = dir.resolve("emissary");
        if (!Files.exists(installed)) {
            var half = dir.resolve(".emissary");
            Files.copy(program, half, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(half, installed, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** What the gate says; empty before staging has ended. */
    Optional<String> gate() throws IOException {
        var gate = dir.resolve("staged");
        return Files.exists(gate) ? Optional.of(Files.readString(gate).strip()) : Optional.empty();
    }

    boolean isOpen() throws IOException {
        return gate().filter(OK::equals).isPresent();
    }

    void openGate() throws IOException {
        write("staged", OK);
    }

    void closeGate(String reason) throws IOException {
        write("staged", reason.strip());
    }

    /** Keeps sidecars that haven't begun yet from beginning. */
    void markOver() throws IOException {
        write("over", "");
    }

    boolean isReported() {
        return Files.exists(dir.resolve("reported"));
    }

    void markReported() throws IOException {
        write("reported", "");
    }

    public Emissary emissary(String container) {
        return new Emissary(container, of(container).resolve("sock"));
    }

    public Path log(String container) {
        return of(container).resolve("log");
    }

    public Path standardOutput(String container) {
        return of(container).resolve("stdout");
    }

    /** For what is needed for a moment. */
    public Path scratch() {
        return dir;
    }

    /** What emissary left when it ended by itself. */
    @Nullable
    Integer leftExitCode(String container) {
        try {
            return Integer.valueOf(
                    Files.readString(of(container).resolve("exitcode")).strip());
        } catch (IOException | NumberFormatException e) {
            return null;
        }
    }

    /** Waits until the container's emissary listens. */
    Emissary awaitEmissary(String container) throws IOException, InterruptedException {
        var emissary = emissary(container);
        var directory = of(container);
        try (var watcher = directory.getFileSystem().newWatchService()) {
            directory.register(watcher, StandardWatchEventKinds.ENTRY_CREATE);
            while (!emissary.isThere()) {
                var key = watcher.poll(1, TimeUnit.SECONDS); // not every file system tells
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
            }
        }
        return emissary;
    }

    private Path of(String container) {
        return dir.resolve("ctr").resolve(container);
    }

    /** The user's containers may run as anybody. */
    private static void openForAll(Path directory) throws IOException {
        Files.createDirectories(directory);
        allow(directory, "rwxrwxrwx");
    }

    private static void touch(Path file) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.createFile(file);
            allow(file, "rw-rw-rw-");
        }
    }

    private static void allow(Path path, String permissions) throws IOException {
        if (!PosixFilePermissions.toString(Files.getPosixFilePermissions(path)).equals(permissions)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    private void write(String name, String text) throws IOException {
        var half = dir.resolve("." + name);
        Files.writeString(half, text);
        allow(half, "rw-r--r--");
        Files.move(half, dir.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
