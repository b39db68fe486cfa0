package io.tiphys.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stops an instance with everything that belongs to it; what it stored stays. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stop the instance with its pods and services. Its data stay for the next up.")
final class Down implements Callable<Integer> {
    private static final long STOPS_WITHIN_SECONDS = 45;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "directory of the instance (default: $TIPHYS_HOME or ~/.tiphys)")
    private @Nullable Path directory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.of(directory);
        long begun = System.nanoTime();
        Optional<Instance> instance = Instance.read(home.instanceFile());
        Optional<ProcessHandle> process = instance.flatMap(Instance::process);
        if (process.isPresent()) {
            process.get().destroy();
            awaitEnd(process.get());
        }
        int leftovers = Leftovers.end(home);
        Files.deleteIfExists(home.instanceFile());
        if (process.isEmpty() && leftovers == 0) {
            System.out.println("Nothing is running in " + home.directory() + ".");
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "Stopped after %.1f s. Data stay in %s.%n",
                    (System.nanoTime() - begun) / 1e9,
                    home.directory());
        }
        return 0;
    }

    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException _) {
            System.err.println("It doesn't stop by itself within " + STOPS_WITHIN_SECONDS + " s; killing it.");
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
