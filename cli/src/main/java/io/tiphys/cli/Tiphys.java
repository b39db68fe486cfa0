package io.tiphys.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The {@code tiphys} command. {@code up}, {@code down}, {@code status} and {@code test} are the launcher script's. */
@Command(
        name = "tiphys",
        description = "Runs Argo Workflows manifests.",
        mixinStandardHelpOptions = true,
        versionProvider = Tiphys.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SubmitCommand.class,
            GetCommand.class,
            ListCommand.class,
            LogsCommand.class,
            WatchCommand.class,
            WaitCommand.class,
            DeleteCommand.class,
            StopCommand.class,
            TerminateCommand.class,
            SuspendCommand.class,
            ResumeCommand.class,
            RetryCommand.class,
            ResubmitCommand.class,
            LintCommand.class,
            CopyCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Groups of commands: template, cluster-template, cron, archive, node (see tiphys cron --help).",
            "On this machine: tiphys up | down | status (see tiphys up --help).",
            "Conformance: tiphys conformance DIR (see tiphys conformance --help).",
            "Exit codes: 0 succeeded, 1 a workflow failed, 2 wrong usage or invalid manifest, 3 server not reachable."
        })
public final class Tiphys implements Runnable {
    @Option(
            names = "--home",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "The local instance's directory (default: $TIPHYS_HOME or ~/.tiphys).")
    private @Nullable Path home;

    @Option(
            names = "--server",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "The server's URL instead of a local instance (default: $ARGO_SERVER).")
    private @Nullable String server;

    @Option(
            names = "--token",
            scope = ScopeType.INHERIT,
            paramLabel = "TOKEN",
            description = "Token of the caller (default: $ARGO_TOKEN).")
    private @Nullable String token;

    @Option(
            names = {"-n", "--namespace"},
            scope = ScopeType.INHERIT,
            paramLabel = "NS",
            description = "Namespace (default: $ARGO_NAMESPACE, or the instance's).")
    private @Nullable String namespace;

    Tiphys() {}

    @Override
    public void run() {
        throw CommandFailure.invalid("a command is missing; try \"tiphys --help\"");
    }

    /** Which server the command line asks for. */
    Target.Wishes wishes() {
        return new Target.Wishes(home, server, token, namespace);
    }

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        boolean live = Terminal.isInteractive(environment);
        boolean colors = live && environment.getOrDefault("NO_COLOR", "").isEmpty();
        Terminal terminal = new Terminal(writer(FileDescriptor.out), writer(FileDescriptor.err), live, colors);
        System.exit(run(new Session(terminal, System.in, environment), args));
    }

    /** Icons need UTF-8, whatever the locale says. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(
                new BufferedOutputStream(new FileOutputStream(descriptor)), StandardCharsets.UTF_8));
    }

    /** Runs a command; the result is the exit code. */
    static int run(Session session, String... args) {
        Terminal terminal = session.terminal();
        CommandLine command = new CommandLine(new Tiphys(), factory(session));
        CommandGroup.all(session).forEach((name, group) -> command.addSubcommand(name, group));
        command.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        terminal.colors() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(110)
                .setExecutionExceptionHandler((failure, _, _) -> explain(terminal, failure))
                .setParameterExceptionHandler((failure, _) -> wrongUsage(terminal, failure));
        try {
            return args.length == 0 ? usage(command) : command.execute(args);
        } finally {
            terminal.out().flush();
            terminal.err().flush();
        }
    }

    private static int usage(CommandLine command) {
        command.usage(command.getErr());
        return ExitCode.INVALID;
    }

    private static IFactory factory(Session session) {
        IFactory usual = CommandLine.defaultFactory();
        return new IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                if (!ServerCommand.class.isAssignableFrom(type)) {
                    return usual.create(type);
                }
                Constructor<K> constructor = type.getDeclaredConstructor(Session.class);
                return constructor.newInstance(session);
            }
        };
    }

    private static int explain(Terminal terminal, Exception failure) throws Exception {
        if (failure instanceof CommandFailure known) {
            terminal.note("tiphys: " + known.getMessage());
            return known.exitCode();
        }
        throw failure;
    }

    private static int wrongUsage(Terminal terminal, ParameterException failure) {
        terminal.note("tiphys: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, terminal.err());
        terminal.note("Try \"" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help\".");
        return ExitCode.INVALID;
    }

    /** The version that the jar was built with. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Tiphys.class.getPackage().getImplementationVersion();
            return new String[] {"tiphys " + (version == null ? "(built from source)" : version)};
        }
    }
}
