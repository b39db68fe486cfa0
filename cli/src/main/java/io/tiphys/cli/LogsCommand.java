package io.tiphys.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys logs}. */
@Command(
        name = "logs",
        description = "Shows what the pods of a workflow have written.",
        mixinStandardHelpOptions = true)
final class LogsCommand extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The workflow; @latest is the newest.")
    private String name = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "POD", description = "Only of this pod.")
    private @Nullable String pod;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the workflow is done.")
    private boolean follow;

    @Option(
            names = {"-c", "--container"},
            paramLabel = "NAME",
            defaultValue = "main",
            description = "The container (default: main).")
    private String container = "main";

    @Option(names = "--tail", paramLabel = "N", description = "Only the last N lines of each pod.")
    private @Nullable Long tail;

    @Option(names = "--since", paramLabel = "SECONDS", description = "Only lines of the last seconds.")
    private @Nullable Long sinceSeconds;

    @Option(names = "--grep", paramLabel = "PATTERN", description = "Only lines that match.")
    private @Nullable String grep;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description = "Only pods with these labels.")
    private @Nullable String selector;

    @Option(names = "--timestamps", description = "With the time of each line.")
    private boolean timestamps;

    @Option(
            names = {"-p", "--previous"},
            description = "Of the container's earlier run.")
    private boolean previous;

    @Option(names = "--no-prefix", description = "Without the pods' names.")
    private boolean noPrefix;

    LogsCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("logOptions.container", container);
        put(options, "podName", pod);
        put(options, "logOptions.tailLines", tail);
        put(options, "logOptions.sinceSeconds", sinceSeconds);
        put(options, "grep", grep);
        put(options, "selector", selector);
        flag(options, "logOptions.follow", follow);
        flag(options, "logOptions.timestamps", timestamps);
        flag(options, "logOptions.previous", previous);
        new LogReader(server(), terminal(), !noPrefix).read(namespace(), resolve(name), options);
        return ExitCode.SUCCEEDED;
    }

    private static void put(Map<String, String> options, String name, @Nullable Object value) {
        if (value != null) {
            options.put(name, value.toString());
        }
    }

    private static void flag(Map<String, String> options, String name, boolean set) {
        if (set) {
            options.put(name, "true");
        }
    }
}
