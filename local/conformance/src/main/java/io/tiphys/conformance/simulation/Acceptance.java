package io.tiphys.conformance.simulation;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.Manifest;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.engine.Input;
import io.tiphys.engine.Run;
import io.tiphys.engine.definition.ConfigMapArguments;
import io.tiphys.engine.definition.References;
import io.tiphys.testkit.Documents;
import io.tiphys.testkit.Scenario;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.ValidationResult;
import io.tiphys.validation.Validator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a controller says of a workflow that it sees for the first time, before it runs. */
final class Acceptance {
    private Acceptance() {}

    /**
     * Why it doesn't run at all; empty if it does, or if the engine itself says so.
     *
     * @param valuesFollow arguments without values get some as it is submitted
     */
    static Optional<Input> refusal(
            List<Manifest> documents, Workflow workflow, Scenario scenario, boolean valuesFollow) {
        Run run = scenario.run();
        if (run.definition().problem() != null) {
            return Optional.empty();
        }
        References references = Documents.of(documents).references();
        TemplateLookup templates = new Among(references);
        ValidationResult checked = valuesFollow
                ? Validator.lint(List.of(Manifest.of(workflow)), templates)
                : Validator.validate(workflow, templates);
        Optional<String> reason = checked.ok()
                ? ConfigMapArguments.problem(run.definition().spec(), references)
                : Optional.of("invalid spec: " + checked.message());
        return reason.map(message -> new Input.Rejected(WorkflowPhase.FAILED, message, scenario.now()));
    }

    /** The templates among the documents. */
    private record Among(References references) implements TemplateLookup {
        @Override
        public @Nullable WorkflowTemplate workflowTemplate(String namespace, String name) {
            WorkflowSpec spec = references.template(new References.Key(name, false));
            return spec == null ? null : new WorkflowTemplate(named(name), spec);
        }

        @Override
        public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
            WorkflowSpec spec = references.template(new References.Key(name, true));
            return spec == null ? null : new ClusterWorkflowTemplate(named(name), spec);
        }

        private static ObjectMeta named(String name) {
            ObjectMeta meta = new ObjectMeta();
            meta.setName(name);
            return meta;
        }
    }
}
