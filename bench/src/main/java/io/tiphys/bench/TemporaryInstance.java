package io.tiphys.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A local instance in a directory of its own, started and stopped by {@code ./tiphys}. It is stopped as well when the benchmark ends before it
 * is closed, be it by a signal: two instances on one cluster would take each other's workflows. For one thread, and the one at exit.
 */
public final class TemporaryInstance implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path home;
    private final Thread atExit = new Thread(this::stop, "instance-stop");
    private volatile boolean isUp;

    /** An instance that isn't up yet. */
    public TemporaryInstance() throws IOException {
        this.home = Files.createTempDirectory("tiphys-bench");
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    public Path home() {
        return home;
    }

    /**
     * Starts it, on a free port, and waits until it is ready.
     *
     * @throws IllegalStateException if it doesn't start; the message has what the command said and names the logs
     */
    public void up(String... options) {
        List<String> arguments = new ArrayList<>(List.of("up", "--detach", "--port", freePort()));
        arguments.addAll(List.of(options));
        isUp = true;
        try {
            launch(arguments);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(e.getMessage() + "; its logs are in " + home.resolve("logs"), e);
        }
    }

    /** Stops it and leaves its files; does nothing if it isn't up. Synchronized, so that nobody deletes the files while it is stopped at exit. */
    public synchronized void down() {
        if (isUp) {
            isUp = false;
            launch(List.of("down"));
        }
    }

    /** {@code instance.json} as it is now; empty while it is being written. */
    public JsonNode facts() {
        try {
            return JSON.readTree(home.resolve("instance.json").toFile());
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    /** Stops it and deletes its files. */
    @Override
    public void close() throws IOException {
        down();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
        Runtime.getRuntime().removeShutdownHook(atExit);
    }

    private void stop() {
        try {
            down();
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
        }
    }

    private void launch(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("tiphys.root", "."), "tiphys")
                .toAbsolutePath()
                .toString());
        command.addAll(arguments);
        try {
            Path output = home.resolve("launcher.log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().put("TIPHYS_HOME", home.toString());
            int exit = builder.start().onExit().join().exitValue();
            if (exit != 0) {
                throw new IllegalStateException(command + " ended with " + exit + ":\n" + Files.readString(output));
            }
        } catch (IOException e) {
            throw new IllegalStateException(command + " can't be run", e);
        }
    }

    private static String freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        } catch (IOException e) {
            throw new IllegalStateException("no port is free", e);
        }
    }
}
