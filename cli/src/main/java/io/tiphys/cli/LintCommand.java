package io.tiphys.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.Manifest;
import io.tiphys.validation.Problem;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.ValidationResult;
import io.tiphys.validation.Validator;
import java.util.ArrayList;
import java.util.List;
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

    /** All files are one set: templates in one can be referred to from another. */
    private List<Checked> check() {
        List<ManifestFiles.Source> sources = new ArrayList<>();
        List<Checked> checked = new ArrayList<>();
        ManifestFiles manifests = new ManifestFiles(session().input());
        for (String file : ManifestFiles.expand(files)) {
            try {
                sources.addAll(manifests.read(List.of(file)));
            } catch (CommandFailure failure) {
                Problem problem = new Problem(0, "", 0, failure.getMessage().replaceFirst("^[^:]*: ", ""));
                checked.add(new Checked(file, new ValidationResult(List.of(problem), List.of())));
            }
        }
        TemplateLookup templates = offline ? TemplateLookup.NONE : new ServerTemplates(server(), namespace());
        List<Manifest> all =
                sources.stream().flatMap(source -> source.documents().stream()).toList();
        for (ManifestFiles.Source source : sources) {
            checked.add(new Checked(source.name(), only(source, all, templates)));
        }
        if (checked.isEmpty()) {
            throw CommandFailure.invalid(
                    "there are no manifest files (*.yaml, *.yml, *.json) in " + String.join(", ", files));
        }
        return checked;
    }

    /** The file's own findings, with the others' templates known. */
    private static ValidationResult only(ManifestFiles.Source source, List<Manifest> all, TemplateLookup templates) {
        List<Manifest> others = all.stream()
                .filter(manifest -> !source.documents().contains(manifest))
                .filter(manifest -> manifest.kind().endsWith("WorkflowTemplate"))
                .toList();
        return Validator.lint(source.documents(), new TemplatesOfFiles(others, templates));
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

    private ObjectNode json(List<Checked> checked) {
        ObjectNode report = Json.object().put("success", checked.stream().allMatch(this::passes));
        ArrayNode results = report.putArray("results");
        for (Checked file : checked) {
            ObjectNode result = results.addObject().put("source", file.file()).put("linted", true);
            ArrayNode problems = result.putArray("problems");
            file.result().problems().forEach(problem -> add(problems, "error", problem));
            file.result().warnings().forEach(problem -> add(problems, "warning", problem));
        }
        return report;
    }

    private static void add(ArrayNode problems, String severity, Problem problem) {
        problems.addObject()
                .put("severity", severity)
                .put("document", problem.document())
                .put("path", problem.path())
                .put("line", problem.line())
                .put("message", problem.message());
    }
}
