package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.engine.definition.References;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.ValidationResult;
import io.tiphys.validation.Validator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks a workflow as the submitter's lint does; who creates it with kubectl hasn't met lint yet. */
public final class SpecValidation implements KubePreparation.SpecCheck {

    @Override
    public List<String> problems(Workflow workflow, References references) {
        ValidationResult result = Validator.validate(workflow, new Fetched(references));
        return result.ok() ? List.of() : List.of(result.message());
    }

    /** The templates that were fetched for the workflow, and no others. */
    private record Fetched(References references) implements TemplateLookup {
        @Override
        public @Nullable WorkflowTemplate workflowTemplate(String namespace, String name) {
            WorkflowSpec spec = references.template(new References.Key(name, false));
            return spec == null
                    ? null
                    : new WorkflowTemplate(
                            new ObjectMetaBuilder()
                                    .withNamespace(namespace)
                                    .withName(name)
                                    .build(),
                            spec);
        }

        @Override
        public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
            WorkflowSpec spec = references.template(new References.Key(name, true));
            return spec == null
                    ? null
                    : new ClusterWorkflowTemplate(
                            new ObjectMetaBuilder().withName(name).build(), spec);
        }
    }
}
