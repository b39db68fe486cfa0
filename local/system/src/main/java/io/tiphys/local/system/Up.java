package io.tiphys.local.system;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts an instance: launches its process, shows its progress, and stays with it or leaves it running. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Start everything on this machine: API server, Kafka, Postgres, object storage, a node, the services.")
final class Up implements Callable<Integer> {
    static final int DEFAULT_PORT = 2746;

    @Option(names = "--detach", description = "return when everything is ready and leave it running")
    private boolean detach;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "directory of the instance (default: $TIPHYS_HOME or ~/.tiphys)")
    private @Nullable Path directory;

    @Option(names = "--port", paramLabel = "N", description = "port of the API (default: ${DEFAULT-VALUE})")
    private int port = DEFAULT_PORT;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description =
                    "use the cluster of this kubeconfig (its current context) instead of an API server and a node of our own")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--write-kubeconfig",
            paramLabel = "FILE",
            description = "also write the kubeconfig of the instance to FILE")
    private @Nullable Path kubeconfigCopy;

    @Option(
            names = "--controllers",
            paramLabel = "N",
            description = "run N controllers, which share the workflows (default: ${DEFAULT-VALUE})")
    private int controllers = 1;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            description = "let this machine stand for N nodes: local, local-2 and so on (default: ${DEFAULT-VALUE})")
    private int nodes = 1;

    @Option(
            names = "--without",
            paramLabel = "SERVICE",
            split = ",",
            description = "leave out services, to run them elsewhere, for example in a debugger")
    private Set<String> without = Set.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Home home = Home.of(directory);
        Optional<Instance> running = Instance.read(home.instanceFile())
                .filter(instance -> instance.process().isPresent());
        if (running.isPresent()) {
            System.out.println("Already " + (running.get().state() == Instance.State.UP ? "up" : "starting or stopping")
                    + " in " + home.directory() + " (process " + running.get().pid() + ").");
            NextSteps.print(System.out, home, running.get());
            return 0;
        }
        Path root =
                Path.of(System.getProperty("tiphys.root", ".")).toAbsolutePath().normalize();
        Preflight.check(home, root, port, without, new LocalSystem.Size(controllers, nodes));
        if (kubeconfig != null) {
            GivenCluster.read(kubeconfig); // says what is wrong with it before anything is started
        }
        Leftovers.end(home);
        Files.deleteIfExists(home.instanceFile());
        System.out.println("Starting Tiphys in " + home.directory());
        Process process = launch(home, root);
        ProgressView view = new ProgressView(System.out, isTerminal());
        Instance instance = follow(home, process, view);
        System.out.printf(Locale.ROOT, "Up after %.1f s.%n", view.seconds());
        copyKubeconfig(instance);
        NextSteps.print(System.out, home, instance);
        if (detach) {
            return 0;
        }
        System.out.println("\nCtrl-C stops it. Logs: " + home.logs());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endWithUs(process), "stop-instance"));
        return process.waitFor() == 0 || process.exitValue() == 143 || process.exitValue() == 130 ? 0 : 1;
    }

    // JDK 25 returns null again where there is no terminal, whatever the check says of JDK 22.
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private Process launch(Home home, Path root) throws IOException {
        List<String> command = new ArrayList<>();
        if (detach) {
            command.addAll(List.of(Files.isExecutable(Path.of("/usr/bin/setsid")) ? "setsid" : "nohup"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-Xmx" + SystemHeap.mebibytes(SystemHeap.machineBytes()) + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.config.file=" + logging(home),
                "-cp",
                System.getProperty("java.class.path", ""),
                Main.class.getName(),
                "daemon",
                "--home",
                home.directory().toString(),
                "--port",
                Integer.toString(port),
                "--root",
                root.toString()));
        if (kubeconfig != null) {
            command.add("--kubeconfig");
            command.add(kubeconfig.toAbsolutePath().normalize().toString());
        }
        command.addAll(List.of("--controllers", Integer.toString(controllers), "--nodes", Integer.toString(nodes)));
        if (!without.isEmpty()) {
            command.add("--without");
            command.add(String.join(",", without));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(home.log("system").toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
    }

    /** What of the embedded parts' talk goes into the log. */
    private static Path logging(Home home) throws IOException {
        Path file = home.directory().resolve("logging.properties");
        Files.writeString(file, """
                handlers=java.util.logging.ConsoleHandler
                .level=WARNING
                io.tiphys.level=INFO
                java.util.logging.ConsoleHandler.level=ALL
                java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format=%1$tFT%1$tT.%1$tL %4$-7s %3$s %5$s%6$s%n
                """);
        return file;
    }

    private Instance follow(Home home, Process process, ProgressView view) throws IOException, InterruptedException {
        while (true) {
            boolean ended = process.waitFor(100, TimeUnit.MILLISECONDS);
            Optional<Instance> now = Instance.read(home.instanceFile());
            now.ifPresent(view::show);
            if (now.isPresent() && now.get().state() == Instance.State.UP) {
                view.clear();
                return now.get();
            }
            if (ended) {
                view.clear();
                Files.deleteIfExists(home.instanceFile());
                String why =
                        now.map(Instance::message).orElse("its process ended with exit code " + process.exitValue());
                throw new UserFacingException("Tiphys didn't come up: " + why + " (log: " + home.log("system") + ")");
            }
        }
    }

    private void copyKubeconfig(Instance instance) throws IOException {
        Path target = kubeconfigCopy;
        if (target != null) {
            Files.copy(Path.of(instance.kubeconfig()), target, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        }
    }

    private static void endWithUs(Process process) {
        process.destroy();
        try {
            process.waitFor(40, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
