package io.tiphys.local.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The long-running process of an instance; {@code up} starts it. Ends on SIGTERM or SIGINT. */
@Command(name = "daemon", hidden = true, description = "Runs an instance in this process; started by up.")
final class Daemon implements Callable<Integer> {
    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());

    @Option(names = "--home", required = true)
    private Path directory = Path.of("");

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--root", required = true)
    private Path root = Path.of("");

    @Option(names = "--kubeconfig")
    private @Nullable Path kubeconfig;

    @Option(names = "--without", split = ",")
    private Set<String> without = Set.of();

    @Option(names = "--controllers")
    private int controllers = 1;

    @Option(names = "--nodes")
    private int nodes = 1;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.of(directory);
        home.create();
        try (FileChannel channel = FileChannel.open(home.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                System.err.println("another process runs the instance in " + home.directory());
                return 1;
            }
            return run(home);
        }
    }

    private int run(Home home) throws IOException, InterruptedException {
        LocalSystem system = new LocalSystem(
                home,
                root,
                port,
                without,
                new LocalSystem.Size(controllers, nodes),
                Optional.ofNullable(kubeconfig).map(GivenCluster::read));
        AtomicBoolean stopped = new AtomicBoolean();
        Thread hook = new Thread(() -> stopOnce(system, stopped, true), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            system.start();
        } catch (UserFacingException e) {
            LOG.log(System.Logger.Level.ERROR, "the instance can't start: " + e.getMessage());
            stopOnce(system, stopped, false);
            system.fail(String.valueOf(e.getMessage()));
            return 1;
        }
        system.awaitEnd();
        return 0;
    }

    private static void stopOnce(LocalSystem system, AtomicBoolean stopped, boolean inOrder) {
        if (stopped.compareAndSet(false, true)) {
            system.stop();
            try {
                if (inOrder) {
                    system.erase();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
