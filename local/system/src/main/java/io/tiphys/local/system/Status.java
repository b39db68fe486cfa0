package io.tiphys.local.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says how an instance is. Exit code 0 when all parts are ready, 1 when some aren't, 3 when nothing runs. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show the parts of the instance: health, URLs, memory.")
final class Status implements Callable<Integer> {
    static final int NOT_RUNNING = 3;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "directory of the instance (default: $TIPHYS_HOME or ~/.tiphys)")
    private @Nullable Path directory;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "json",
            description = "json prints what instance.json says")
    private String output = "";

    @Override
    public Integer call() throws IOException {
        if (!output.isEmpty() && !output.equals("json")) {
            System.err.println("-o " + output + ": only json is known");
            return 2;
        }
        Home home = Home.of(directory);
        Optional<Instance> found = Instance.read(home.instanceFile())
                .filter(instance -> instance.process().isPresent());
        if (found.isEmpty()) {
            System.err.println("Nothing is running in " + home.directory() + "; start it with: ./tiphys up");
            return NOT_RUNNING;
        }
        Instance instance = found.get();
        if (output.equals("json")) {
            System.out.println(instance.toJson());
        } else {
            print(instance);
        }
        return instance.parts().stream().allMatch(Part::isReady) ? 0 : 1;
    }

    private static void print(Instance instance) {
        System.out.println(
                "Tiphys in " + instance.home() + ": " + instance.state().name().toLowerCase(Locale.ROOT));
        System.out.printf("%-12s %-11s %8s %9s %8s   %s%n", "PART", "STATE", "PID", "MEMORY", "RESTARTS", "URL");
        long total = 0;
        for (Part part : instance.parts()) {
            Long pid = part.pid();
            total += part.rssBytes();
            System.out.printf(
                    "%-12s %-11s %8s %9s %8d   %s%n",
                    part.name(),
                    part.state().name().toLowerCase(Locale.ROOT),
                    pid == null ? "" : pid,
                    part.rssBytes() == 0 ? "" : (part.rssBytes() >> 20) + " MiB",
                    part.restarts(),
                    part.url());
            if (part.message() != null) {
                System.out.println("             " + part.message());
            }
        }
        System.out.println("Memory in all: " + (total >> 20) + " MiB. kubeconfig: " + instance.kubeconfig());
    }
}
