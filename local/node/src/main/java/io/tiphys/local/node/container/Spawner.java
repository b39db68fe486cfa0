package io.tiphys.local.node.container;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The program {@code container}, compiled from its source with the machine's C compiler when first needed, and running as a small server
 * that forks a supervisor per container. It ends, and all containers with it, when this process does.
 */
public final class Spawner implements AutoCloseable {
    private static final String SOURCE = "/io/tiphys/local/node/container.c";
    private static final int MAX_SOCKET_PATH = 100;

    private final Path program;
    private final Path socket;
    private final boolean rootless;
    private Process server;

    private Spawner(Path program, Path socket, boolean rootless) throws IOException {
        this.rootless = rootless;
        this.program = program;
        this.socket = socket;
        this.server = launch();
    }

    /**
     * Compiles if need be and starts.
     *
     * @param folder where the program is kept from one start to the next
     * @param rootless whether to use a user namespace although this process is root
     */
    public static Spawner start(Path folder, boolean rootless) throws IOException {
        Files.createDirectories(folder);
        return new Spawner(compiled(folder), socket(folder), rootless);
    }

    /** A path for the socket that the kernel accepts: short. */
    private static Path socket(Path folder) throws IOException {
        Path inFolder = folder.resolve("container.sock").toAbsolutePath();
        if (inFolder.toString().getBytes(StandardCharsets.UTF_8).length < MAX_SOCKET_PATH) {
            return inFolder;
        }
        return Files.createTempDirectory(
                        "tiphys", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                .resolve("container.sock");
    }

    private static Path compiled(Path folder) throws IOException {
        byte[] source;
        try (InputStream in = Spawner.class.getResourceAsStream(SOURCE)) {
            if (in == null) {
                throw new IOException(SOURCE + " is missing from the jar");
            }
            source = in.readAllBytes();
        }
        Path program = folder.resolve("container-" + fingerprint(source));
        if (!Files.isExecutable(program)) {
            Path file = Files.write(folder.resolve("container.c"), source);
            Path fresh = folder.resolve("container.new");
            List<String> flags = List.of("-std=c11", "-O2", "-o", fresh.toString(), file.toString());
            if (!compile(folder, flags, true) && !compile(folder, flags, false)) {
                throw new IOException(
                        "the node needs a C compiler (cc) to build the program that starts containers; see "
                                + folder.resolve("cc.log") + " for what it said, install gcc or clang, or set CC");
            }
            Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
        }
        return program;
    }

    private static boolean compile(Path folder, List<String> flags, boolean isStatic) throws IOException {
        String compiler = System.getenv().getOrDefault("CC", "cc");
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(isStatic ? List.of("-static", "-s") : List.of("-s"));
        command.addAll(flags);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cc.log").toFile())
                    .start();
            return process.waitFor(2, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling", e);
        } catch (IOException e) {
            Files.writeString(folder.resolve("cc.log"), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private static String fingerprint(byte[] source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "serve", socket.toString()));
        if (rootless) {
            command.add("rootless");
        }
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() != 'r') {
            throw new IOException(program + " doesn't start; it says why on standard error");
        }
        return process;
    }

    /**
     * Starts a container, or a command inside one.
     *
     * @throws StartException when the kernel, the mounts or the command are at fault
     */
    public RunningContainer start(ContainerSpec spec) throws IOException {
        return RunningContainer.start(connect(), spec);
    }

    private SocketChannel connect() throws IOException {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            relaunch();
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        }
    }

    private synchronized void relaunch() throws IOException {
        if (!server.isAlive()) {
            server = launch();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        server.getOutputStream().close();
        server.destroy();
        Files.deleteIfExists(socket);
    }
}
