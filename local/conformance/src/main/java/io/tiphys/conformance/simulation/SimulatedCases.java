package io.tiphys.conformance.simulation;

import io.tiphys.api.ApiJson;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.conformance.suite.ActionScript;
import io.tiphys.conformance.suite.CaseFolder;
import io.tiphys.conformance.suite.Comparison;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.conformance.suite.FinalPhase;
import io.tiphys.conformance.suite.Observed;
import io.tiphys.conformance.suite.Step;
import io.tiphys.conformance.suite.Verdict;
import io.tiphys.engine.Input;
import io.tiphys.testkit.Scenario;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.ValidationResult;
import io.tiphys.validation.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Cases by validator and engine alone. */
public final class SimulatedCases {
    private static final Pattern FINE =
            Pattern.compile("\\s*(lint )?(ok|valid|passes|no problems|accepted)\\b.*", Pattern.DOTALL);

    private final CaseFolder folder;

    public SimulatedCases(CaseFolder folder) {
        this.folder = folder;
    }

    /** A case of mode lint: the validator finds something, unless the case says that all is well. */
    public Verdict lint(ConformanceCase wanted) {
        ValidationResult result = Validator.lint(folder.documents(wanted), TemplateLookup.NONE);
        boolean isToPass = FINE.matcher(wanted.expected()).matches() || "Succeeded".equals(wanted.expectedPhase());
        if (result.ok() == isToPass) {
            return new Verdict.Pass();
        }
        return new Verdict.Miss(isToPass ? "refused: " + result.message() : "accepted, expected: " + wanted.expected());
    }

    /** A case of mode apply: the validator finds nothing wrong with what is no workflow. */
    public Verdict apply(ConformanceCase wanted) {
        List<Manifest> objects = folder.documents(wanted).stream()
                .filter(document -> !document.kind().equals("Workflow"))
                .toList();
        ValidationResult result = Validator.lint(objects, TemplateLookup.NONE);
        return result.ok() ? new Verdict.Pass() : new Verdict.Miss("refused: " + result.message());
    }

    /** A case of mode reconcile: the engine adopts its status and goes on from there. */
    public Verdict reconcile(ConformanceCase wanted) {
        List<Manifest> documents = folder.documents(wanted);
        Optional<Workflow> subject = subject(documents);
        if (subject.isEmpty()) {
            return new Verdict.Skip("has no Workflow to reconcile");
        }
        Scenario scenario = scenario(documents).takenUp();
        String phase = wanted.expectedPhase() == null ? "" : wanted.expectedPhase();
        boolean isToEnd = phase.equals("Succeeded") || phase.equals("Failed") || phase.equals("Error");
        if (isToEnd) {
            Clock.runUntilOver(scenario);
        }
        return Comparison.compare(wanted, phase, observed(scenario));
    }

    /** A case of mode submit, with pods that end as its script says. */
    public Verdict submit(ConformanceCase wanted) {
        return switch (ActionScript.parse(wanted.action(), wanted.expected())) {
            case ActionScript.Parsed.Unknown(var clause) ->
                new Verdict.Skip("its action \"" + clause + "\" is nothing that is known here");
            case ActionScript.Parsed.Steps(var steps) -> submit(wanted, steps);
        };
    }

    private Verdict submit(ConformanceCase wanted, List<Step> steps) {
        List<Manifest> documents = ConfiguredDocuments.of(wanted, folder.documents(wanted));
        Optional<Workflow> subject = subject(documents);
        if (subject.isEmpty()) {
            return new Verdict.Skip("has no Workflow to submit");
        }
        Scenario scenario = scenario(documents);
        ValidationResult checked = Validator.lint(documents, TemplateLookup.NONE);
        if (checked.ok() || scenario.run().definition().problem() != null) {
            new ScriptedRun(scenario, wanted.pods(), steps).run();
        } else {
            scenario.input(
                    new Input.Rejected(WorkflowPhase.FAILED, "invalid spec: " + checked.message(), scenario.now()));
        }
        return Comparison.compare(wanted, FinalPhase.of(wanted, steps), observed(scenario));
    }

    /** The images of all pods of a workflow of which all end well. */
    public static Set<String> images(List<Manifest> documents) {
        if (subject(documents).isEmpty()) {
            return Set.of();
        }
        ScriptedRun run = new ScriptedRun(scenario(documents), Map.of(), List.of());
        run.run();
        return run.images();
    }

    private static Optional<Workflow> subject(List<Manifest> documents) {
        return documents.stream()
                .filter(document -> document.kind().equals("Workflow"))
                .reduce((_, later) -> later)
                .map(document -> document.as(Workflow.class));
    }

    /** @throws InvalidManifestException where a document can't be read as what it says it is */
    private static Scenario scenario(List<Manifest> documents) {
        List<String> texts = new ArrayList<>();
        documents.forEach(document -> texts.add(Manifests.toYaml(document.tree())));
        return Scenario.given(String.join("---\n", texts));
    }

    static Observed observed(Scenario scenario) {
        var workflow = ApiJson.mapper().createObjectNode();
        workflow.putObject("metadata").put("name", scenario.run().definition().name());
        workflow.putObject("spec").put("suspend", scenario.run().isSuspended());
        workflow.set("status", ApiJson.mapper().valueToTree(scenario.run().status()));
        return Observed.of(workflow);
    }
}
