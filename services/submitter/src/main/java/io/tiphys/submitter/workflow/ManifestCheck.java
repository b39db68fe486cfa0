package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifest;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.validation.Problem;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.Validator;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Refuses manifests that can't run, naming all problems at once. */
@ApplicationScoped
public class ManifestCheck {
    private final ArgoObjects objects;
    private final WorkflowDefaults defaults;

    public ManifestCheck(ArgoObjects objects, WorkflowDefaults defaults) {
        this.objects = objects;
        this.defaults = defaults;
    }

    /** What the manifest is for. */
    public enum Purpose {
        /** To be looked at: arguments may be missing. */
        LINT,
        /** To run: every argument has a value. */
        RUN
    }

    /** Does nothing if the manifest is right; otherwise refuses with every problem and its field path. */
    public void require(ArgoKind kind, String namespace, ObjectNode object, Purpose purpose) {
        Manifest manifest = Manifest.of(kind == ArgoKind.WORKFLOW ? defaults.under(object) : object);
        TemplateLookup lookup = new ClusterTemplates(namespace);
        Set<String> problems = new LinkedHashSet<>(nameProblems(object));
        try {
            add(problems, Validator.lint(List.of(manifest), lookup).problems());
            if (kind == ArgoKind.WORKFLOW && purpose == Purpose.RUN) {
                add(
                        problems,
                        Validator.validate(manifest.as(Workflow.class), lookup).problems());
            }
        } catch (InvalidManifestException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems.stream().collect(Collectors.joining("; ")));
        }
    }

    private static void add(Set<String> texts, List<Problem> problems) {
        problems.forEach(problem -> texts.add(problem.toString()));
    }

    private static List<String> nameProblems(ObjectNode object) {
        List<String> problems = new ArrayList<>();
        boolean named = !object.path("metadata").path("name").asText("").isEmpty()
                || !object.path("metadata").path("generateName").asText("").isEmpty();
        if (!named) {
            problems.add("metadata.name: must be set, or metadata.generateName");
        }
        if (!object.path("spec").isObject()) {
            problems.add("spec: must be set");
        }
        return problems;
    }

    /** Templates as the cluster has them now. */
    private final class ClusterTemplates implements TemplateLookup {
        private final String namespace;

        ClusterTemplates(String namespace) {
            this.namespace = namespace;
        }

        @Override
        public @Nullable WorkflowTemplate workflowTemplate(String wantedNamespace, String name) {
            return objects.lookUp(
                            ArgoKind.WORKFLOW_TEMPLATE, wantedNamespace.isEmpty() ? namespace : wantedNamespace, name)
                    .map(tree -> Manifest.of(tree).as(WorkflowTemplate.class))
                    .orElse(null);
        }

        @Override
        public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
            return objects.lookUp(ArgoKind.CLUSTER_WORKFLOW_TEMPLATE, "", name)
                    .map(tree -> Manifest.of(tree).as(ClusterWorkflowTemplate.class))
                    .orElse(null);
        }
    }
}
