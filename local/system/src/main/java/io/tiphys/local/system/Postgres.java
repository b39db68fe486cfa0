package io.tiphys.local.system;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The database of an instance: makes its data directory at first and describes the process to run. Postgres refuses to run
 * as root, so for root it gets a user namespace in which it is nobody; files stay root's.
 */
final class Postgres {
    static final String USER = "tiphys";
    static final String DATABASE = "tiphys";
    private static final int MAX_CONNECTIONS = 80;

    private Postgres() {}

    /** Prepares the data directory if need be; slow (seconds) the first time. */
    static ProcessSpec prepare(Home home, Path cache, int port, String password)
            throws IOException, InterruptedException {
        Path binaries = PostgresBinaries.unpacked(cache);
        List<String> prefix = isRoot() ? List.of("unshare", "--user") : List.of();
        Path data = home.postgres().resolve("data");
        if (!Files.exists(data.resolve("postgresql.conf"))) {
            initialise(home, binaries, prefix, data, password);
        }
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(binaries.resolve("bin/postgres").toString(), "-D", data.toString()));
        Map<String, String> settings = Map.of(
                "port", Integer.toString(port),
                "listen_addresses", "127.0.0.1",
                "unix_socket_directories", "",
                "max_connections", Integer.toString(MAX_CONNECTIONS),
                "shared_buffers", "48MB",
                "autovacuum_max_workers", "1",
                "io_method", "sync");
        settings.forEach((key, value) -> command.addAll(List.of("-c", key + "=" + value)));
        return new ProcessSpec(
                "postgres",
                command,
                Map.of(),
                home.log("postgres"),
                () -> accepts(port),
                ProcessSpec.StopSignal.INTERRUPT);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void initialise(Home home, Path binaries, List<String> prefix, Path data, String password)
            throws IOException, InterruptedException {
        if (Files.exists(data)) {
            PostgresBinaries.deleteRecursively(data); // an initdb that was cut off
        }
        Files.createDirectories(
                data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path passwordFile = home.postgres().resolve("initial-password");
        Settings.writePrivately(passwordFile, password + "\n");
        try {
            List<String> command = new ArrayList<>(prefix);
            command.addAll(List.of(
                    binaries.resolve("bin/initdb").toString(),
                    "-D",
                    data.toString(),
                    "-U",
                    USER,
                    "-A",
                    "scram-sha-256",
                    "--pwfile=" + passwordFile,
                    "-E",
                    "UTF-8",
                    "--locale=C",
                    "--no-sync",
                    "--no-instructions"));
            run(command);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
        createDatabase(binaries, prefix, data);
    }

    /** In single-user mode: no server, no client, no password. */
    private static void createDatabase(Path binaries, List<String> prefix, Path data)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(
                List.of(binaries.resolve("bin/postgres").toString(), "--single", "-D", data.toString(), "postgres"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var in = process.getOutputStream()) {
            in.write(("CREATE DATABASE " + DATABASE + "\n").getBytes(StandardCharsets.UTF_8));
        }
        finish(command, process);
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        finish(command, process);
    }

    private static void finish(List<String> command, Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("preparing Postgres took over a minute: " + String.join(" ", command));
        }
        if (process.exitValue() != 0) {
            String hint = command.getFirst().equals("unshare") && output.contains("unshare")
                    ? "; as root Postgres needs a user namespace: allow them (sysctl user.max_user_namespaces), or run"
                            + " Tiphys as another user"
                    : "";
            throw new UserFacingException(
                    "Postgres can't be prepared: " + output.lines().toList().getLast() + hint);
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
