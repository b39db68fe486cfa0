package io.tiphys.conformance;

import io.tiphys.conformance.live.FileServer;
import io.tiphys.conformance.live.Instance;
import io.tiphys.conformance.live.LiveCases;
import io.tiphys.conformance.live.SystemNodes;
import io.tiphys.conformance.simulation.SimulatedCases;
import io.tiphys.conformance.suite.CaseFolder;
import io.tiphys.conformance.suite.Configuration;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.conformance.suite.Machine;
import io.tiphys.conformance.suite.Mode;
import io.tiphys.conformance.suite.Needs;
import io.tiphys.conformance.suite.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tiphys conformance DIR}. */
@Command(
        name = "tiphys conformance",
        description = {
            "Runs a folder of conformance cases (cases.json and the manifests that it names) and says of each whether it"
                    + " passes. Cases that are submitted run on the local system that is up, or on one that is started for"
                    + " them; the others by the engine and the validator alone.",
            ""
        },
        mixinStandardHelpOptions = true,
        usageHelpWidth = 110,
        footer = {"", "Exit codes: 0 nothing missed, 1 something missed, 2 wrong usage, 3 no cases or no system."})
final class ConformanceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder.")
    private Path folder = Path.of("conformance");

    @Option(names = "--only", paramLabel = "REGEX", description = "Only cases whose id holds this.")
    private String only = "";

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            split = ",",
            description = "Only cases of this mode: submit, reconcile, lint, apply.")
    private List<String> modes = List.of();

    @Option(names = "--shell", description = "Only cases that need nothing but a shell and what the folder brings.")
    private boolean shellOnly;

    @Option(
            names = "--engine",
            description = "Also cases that are submitted run by the engine alone, with pods that end as the case says.")
    private boolean engineAlone;

    @Option(names = "--jobs", paramLabel = "N", description = "How many cases run at once (default: ${DEFAULT-VALUE}).")
    private int jobs = 10;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            description =
                    "How long a case may take; three times as long if it needs minutes (default: ${DEFAULT-VALUE}).")
    private int patience = 120;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to FILE.")
    private @Nullable Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Also write a table of features to FILE.")
    private @Nullable Path markdown;

    @Option(names = "--keep", description = "Leave the namespaces of missed cases behind, to look at them.")
    private boolean keep;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "The local instance's directory (default: $TIPHYS_HOME or ~/.tiphys).")
    private @Nullable Path home;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        CaseFolder cases = CaseFolder.read(folder);
        List<ConformanceCase> chosen = choose(cases);
        SimulatedCases simulated = new SimulatedCases(cases);
        Report report = new Report(out());
        Parallel parallel = new Parallel(report, jobs);
        parallel.run(chosen.stream().filter(wanted -> !isLive(wanted)).toList(), wanted -> alone(simulated, wanted));
        List<ConformanceCase> live = chosen.stream().filter(this::isLive).toList();
        if (!live.isEmpty()) {
            onSystem(cases, live, parallel);
        }
        report.summarize();
        if (json != null) {
            report.writeJson(json);
        }
        if (markdown != null) {
            CompatibilityTable.write(markdown, report.results(), folder);
        }
        return report.missed() == 0 ? 0 : 1;
    }

    private boolean isLive(ConformanceCase wanted) {
        return !engineAlone && (wanted.mode() == Mode.APPLY || wanted.mode() == Mode.SUBMIT);
    }

    static Verdict alone(SimulatedCases simulated, ConformanceCase wanted) {
        return switch (wanted.mode()) {
            case LINT -> simulated.lint(wanted);
            case RECONCILE -> simulated.reconcile(wanted);
            case SUBMIT -> simulated.submit(wanted);
            case APPLY -> simulated.apply(wanted);
            case NONE -> new Verdict.Skip("is no manifest");
        };
    }

    private void onSystem(CaseFolder cases, List<ConformanceCase> live, Parallel parallel) throws InterruptedException {
        Path root =
                Path.of(System.getProperty("tiphys.root", ".")).toAbsolutePath().normalize();
        Instance instance = Instance.findOrStart(home(), root);
        SystemNodes nodes = new SystemNodes(instance);
        Thread stop = new Thread(() -> stop(instance, root), "stop-instance");
        Runtime.getRuntime().addShutdownHook(stop);
        try (FileServer files = new FileServer()) {
            String prefix =
                    "conformance-" + Long.toString(ProcessHandle.current().pid(), 36)
                            + Long.toString(System.currentTimeMillis() % 1_000_000, 36);
            var patient = new LiveCases.Patience(Duration.ofSeconds(patience), Duration.ofSeconds(3L * patience));
            Machine machine = ThisMachine.look().withNodes(nodes.enoughFor(live));
            LiveCases runner = new LiveCases(
                    cases, new Needs(machine, SimulatedCases::images), instance, files, prefix, patient, keep);
            byConfiguration(runner, live, parallel);
        } finally {
            nodes.restore();
            if (Runtime.getRuntime().removeShutdownHook(stop)) {
                stop(instance, root);
            }
        }
    }

    /** First those that take the system as it is; then, for each other configuration, those that want it. */
    private static void byConfiguration(LiveCases runner, List<ConformanceCase> live, Parallel parallel)
            throws InterruptedException {
        Map<Configuration, List<ConformanceCase>> groups = new LinkedHashMap<>();
        groups.put(Configuration.NONE, new ArrayList<>());
        live.forEach(wanted -> groups.computeIfAbsent(runner.configuration(wanted), _ -> new ArrayList<>())
                .add(wanted));
        try {
            for (Map.Entry<Configuration, List<ConformanceCase>> group : groups.entrySet()) {
                Optional<Verdict> forAll =
                        group.getKey().isNone() ? Optional.empty() : runner.configure(group.getKey());
                parallel.run(
                        longFirst(group.getValue()), wanted -> forAll.isPresent() ? forAll.get() : runner.run(wanted));
            }
        } finally {
            runner.restoreConfiguration();
        }
    }

    private static void stop(Instance instance, Path root) {
        try {
            instance.stop(root);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What takes minutes begins first, so that nothing long is left for the end. */
    private static List<ConformanceCase> longFirst(List<ConformanceCase> cases) {
        return cases.stream()
                .sorted((a, b) -> Boolean.compare(b.needs("minutes"), a.needs("minutes")))
                .toList();
    }

    private List<ConformanceCase> choose(CaseFolder cases) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(only);
        } catch (PatternSyntaxException e) {
            throw new ParameterException(
                    command(), "--only " + only + " is no regular expression: " + e.getDescription());
        }
        if (jobs < 1 || patience < 1) {
            throw new ParameterException(command(), "--jobs and --patience must be at least 1");
        }
        return cases.cases().stream()
                .filter(wanted -> pattern.matcher(wanted.id()).find())
                .filter(wanted ->
                        modes.isEmpty() || modes.contains(wanted.mode().text().toLowerCase(Locale.ROOT)))
                .filter(wanted -> !shellOnly || wanted.mode() != Mode.SUBMIT || wanted.runsInShell())
                .toList();
    }

    private picocli.CommandLine command() {
        return java.util.Objects.requireNonNull(spec).commandLine();
    }

    private PrintWriter out() {
        return command().getOut();
    }

    private Path home() {
        if (home != null) {
            return home;
        }
        String variable = System.getenv().getOrDefault("TIPHYS_HOME", "");
        return variable.isBlank() ? Path.of(System.getProperty("user.home", "."), ".tiphys") : Path.of(variable);
    }
}
