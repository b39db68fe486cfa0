package io.tiphys.local.node.container;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The program {@code container}, compiled from its source with the machine's C compiler when first needed, and running as a small server
 * that forks a supervisor per container. It ends, and all containers with it, when this process does.
 */
public final class Spawner implements AutoCloseable {
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
     * @param programs where the program is kept from one start to the next
     * @param rootless whether to use a user namespace although this process is root
     */
    public static Spawner start(Programs programs, boolean rootless) throws IOException {
        return new Spawner(programs.compiled("container"), socket(programs.folder()), rootless);
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
