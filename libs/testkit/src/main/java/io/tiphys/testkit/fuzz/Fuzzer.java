package io.tiphys.testkit.fuzz;

import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Limits;
import io.tiphys.testkit.Documents;
import io.tiphys.testkit.simulator.Dice;
import io.tiphys.testkit.simulator.WorkflowSimulation;
import io.tiphys.validation.Problem;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.ValidationResult;
import io.tiphys.validation.Validator;
import java.util.List;

/** Does with a manifest what the system does: reads it, checks it, and runs what is left. */
final class Fuzzer {
    /** Small, so that what grows without end comes to its end soon. */
    private static final List<Integer> LIMITS = List.of(20, 100, 300);

    /** What became of a manifest. */
    sealed interface Outcome {
        /** It can't be read, or is wrong. */
        record Refused(List<String> problems) implements Outcome {}

        /** Its workflows ended. */
        record Ended(List<WorkflowPhase> phases) implements Outcome {}
    }

    private Fuzzer() {}

    /** Throws whatever escapes: that is a finding. */
    static Outcome run(FuzzCase manifest) {
        List<Manifest> manifests;
        Documents documents;
        Dice dice = Dice.of(~manifest.seed());
        try {
            manifests = Manifests.read(manifest.text());
        } catch (InvalidManifestException e) {
            return new Outcome.Refused(List.of(String.valueOf(e.getMessage())));
        }
        ValidationResult lint = Validator.lint(manifests, TemplateLookup.NONE);
        // not everybody is refused by lint: what kubectl creates, the engine may see with all its faults
        if (!lint.ok() && !dice.oneIn(4)) {
            return refused(lint);
        }
        try {
            documents = Documents.of(manifests);
        } catch (InvalidManifestException e) {
            return new Outcome.Refused(List.of(String.valueOf(e.getMessage())));
        }
        if (documents.workflows().isEmpty()) {
            return lint.ok() ? new Outcome.Ended(List.of()) : refused(lint);
        }
        for (Workflow workflow : documents.workflows()) {
            Validator.validate(workflow, TemplateLookup.NONE);
        }
        return new Outcome.Ended(documents.workflows().stream()
                .limit(3)
                .map(workflow -> WorkflowSimulation.run(
                        workflow, documents.references(), new Limits(dice.pick(LIMITS)), dice.split()))
                .toList());
    }

    private static Outcome refused(ValidationResult result) {
        List<String> problems =
                result.problems().stream().map(Problem::toString).toList();
        if (problems.isEmpty() || problems.stream().anyMatch(String::isBlank)) {
            throw new AssertionError("refused without saying why: " + problems);
        }
        return new Outcome.Refused(problems);
    }
}
