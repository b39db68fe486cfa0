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
import io.tiphys.engine.Command;
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

    private static final int MOST_ROUNDS = 1_000;

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
        String phase = wanted.expectedPhase() == null ? "" : wanted.expectedPhase();
        Scenario scenario = seen(documents, subject.get(), phase);
        Caches caches = new Caches(documents);
        boolean goesOn = true;
        for (int rounds = 0; goesOn && rounds < MOST_ROUNDS; rounds++) {
            goesOn = caches.answer(scenario) || (!scenario.run().phase().isFulfilled() && comesTo(phase, scenario));
        }
        return Comparison.compare(wanted, phase, observed(scenario));
    }

    /** Lets happen what may bring the workflow to this end: cases don't say what becomes of pods. False if there is nothing. */
    private static boolean comesTo(String phase, Scenario scenario) {
        if (phase.equals("Succeeded")) {
            return podsEnd(scenario, 0) || Clock.passToNextTimer(scenario);
        }
        return isFailure(phase) && (Clock.passToNextTimer(scenario) || podsEnd(scenario, 1));
    }

    private static boolean podsEnd(Scenario scenario, int exitCode) {
        List<Command.EnsurePod> open = scenario.openOrders().stream()
                .filter(order -> !Boolean.TRUE.equals(order.template().daemon()))
                .toList();
        open.forEach(order -> scenario.pod(order.nodeName()).ends(exitCode, Map.of(), null));
        return !open.isEmpty();
    }

    private static boolean isFailure(String phase) {
        return phase.equals("Failed") || phase.equals("Error");
    }

    /**
     * A workflow that a controller sees for the first time: checked if it is new, else taken up from its status. Cases don't say which pods
     * there are; what is to fail has none any more.
     */
    private static Scenario seen(List<Manifest> documents, Workflow workflow, String expectedPhase) {
        Scenario scenario = scenario(documents);
        boolean isNew = workflow.getStatus().phase() == WorkflowPhase.UNKNOWN
                && workflow.getStatus().nodes().isEmpty();
        if (!isNew) {
            return isFailure(expectedPhase) ? scenario.takenUpWithoutPods() : scenario.takenUp();
        }
        return Acceptance.refusal(documents, workflow, scenario, false)
                .map(scenario::input)
                .orElseGet(scenario::submitted);
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
        boolean valuesFollow = steps.stream().anyMatch(Step.Submit.class::isInstance);
        Optional<Input> refusal = Acceptance.refusal(documents, subject.get(), scenario, valuesFollow);
        if (refusal.isPresent()) {
            scenario.input(refusal.get());
        } else {
            new ScriptedRun(scenario, new Caches(documents), wanted.pods(), steps).run();
        }
        return Comparison.compare(wanted, FinalPhase.of(wanted, steps), observed(scenario));
    }

    /** The images of all pods of a workflow of which all end well. */
    public static Set<String> images(List<Manifest> documents) {
        if (subject(documents).isEmpty()) {
            return Set.of();
        }
        ScriptedRun run = new ScriptedRun(scenario(documents), new Caches(documents), Map.of(), List.of());
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
