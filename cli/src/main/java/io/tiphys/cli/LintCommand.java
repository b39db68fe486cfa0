package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.Manifest;
import io.tiphys.validation.Problem;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.ValidationResult;
import io.tiphys.validation.Validator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys lint}. */
@Command(
        name = "lint",
        description = "Checks manifests; the exit code is 2 if one is invalid.",
        mixinStandardHelpOptions = true)
final class LintCommand extends ServerCommand {
    private static final Pattern UNREADABLE = Pattern.compile("[^:]*: (?:line (\\d+): )?(.*)", Pattern.DOTALL);

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "Manifest files, directories of them, or - for standard input.")
    private List<String> files = List.of();

    @Option(
            names = "--offline",
            description = "Ask no server; templates may only be referred to if they stand in the files.")
    private boolean offline;

    @Option(names = "--strict", description = "Take warnings as errors.")
    private boolean strict;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "json.")
    private @Nullable Output output;

    /** What was found in one file. */
    private record Checked(String file, ValidationResult result) {}

    LintCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        List<Checked> checked = check();
        if (output == Output.JSON) {
            terminal().line(Json.pretty(json(checked)));
        } else {
            show(checked);
        }
        return checked.stream().allMatch(this::passes) ? ExitCode.SUCCEEDED : ExitCode.INVALID;
    }

    private boolean passes(Checked checked) {
        return checked.result().ok() && (!strict || checked.result().warnings().isEmpty());
    }

    /** All files are one set: templates in one can be referred to from another. A file's own come first. */
    private List<Checked> check() {
        ManifestFiles manifests = new ManifestFiles(session().input());
        List<Read> all = ManifestFiles.expand(files).parallelStream()
                .map(file -> read(manifests, file))
                .toList();
        if (all.isEmpty()) {
            throw CommandFailure.invalid(
                    "there are no manifest files (*.yaml, *.yml, *.json) in " + String.join(", ", files));
        }
        TemplateLookup templates = new TemplatesOfFiles(
                all.stream().flatMap(read -> read.documents().stream()).toList(),
                offline ? TemplateLookup.NONE : new ServerTemplates(server(), namespace()));
        return all.parallelStream()
                .map(read -> new Checked(
                        read.file(),
                        read.failure() == null ? Validator.lint(read.documents(), templates) : read.failure()))
                .toList();
    }

    /** A file's documents, or why there are none. */
    private record Read(
            String file, List<Manifest> documents, @Nullable ValidationResult failure) {}

    private static Read read(ManifestFiles manifests, String file) {
        try {
            ManifestFiles.Source source = manifests.read(List.of(file)).getFirst();
            return new Read(source.name(), source.documents(), null);
        } catch (CommandFailure failure) {
            Matcher reason = UNREADABLE.matcher(failure.getMessage());
            int line = reason.matches() && reason.group(1) != null ? Integer.parseInt(reason.group(1)) : 0;
            String message = reason.matches() ? reason.group(2) : failure.getMessage();
            Problem problem = new Problem(0, "", line, message);
            return new Read(file, List.of(), new ValidationResult(List.of(problem), List.of()));
        }
    }

    private void show(List<Checked> checked) {
        int bad = 0;
        for (Checked file : checked) {
            boolean passes = passes(file);
            bad += passes ? 0 : 1;
            Phase phase = passes ? Phase.SUCCEEDED : Phase.FAILED;
            terminal().line(terminal().style(phase.style(), phase.icon() + " " + file.file()));
            file.result().problems().forEach(problem -> finding(Terminal.Style.RED, "", problem));
            file.result().warnings().forEach(problem -> finding(Terminal.Style.YELLOW, "warning: ", problem));
        }
        terminal()
                .note(
                        bad == 0
                                ? "No problems in " + count(checked.size()) + "."
                                : count(bad) + " of " + checked.size() + " with problems.");
    }

    private void finding(Terminal.Style style, String kind, Problem problem) {
        String document = problem.document() > 0 ? "document " + (problem.document() + 1) + ", " : "";
        terminal().line("  " + terminal().style(style, kind) + document + problem);
    }

    private static String count(int files) {
        return files + (files == 1 ? " file" : " files");
    }

    private static ArrayNode json(List<Checked> checked) {
        ArrayNode report = Json.object().putArray("files");
        for (Checked file : checked) {
            ObjectNode entry = report.addObject().put("file", file.file());
            add(entry.putArray("problems"), file.result().problems());
            add(entry.putArray("warnings"), file.result().warnings());
        }
        return report;
    }

    private static void add(ArrayNode array, List<Problem> problems) {
        for (Problem problem : problems) {
            array.addObject()
                    .put("document", problem.document())
                    .put("path", problem.path())
                    .put("line", problem.line())
                    .put("message", problem.message());
        }
    }
}
