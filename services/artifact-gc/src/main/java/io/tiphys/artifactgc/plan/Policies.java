package io.tiphys.artifactgc.plan;

import io.tiphys.api.NodeStatus;
import io.tiphys.api.Template;
import io.tiphys.api.TemplateRef;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The policy of each node of one workflow. */
final class Policies {
    private final Workflow workflow;
    private final Set<String> problems;
    private final GcPolicy ofWorkflow;
    private final Map<String, GcPolicy> ofTemplates = new HashMap<>();
    private @Nullable NodeStatus last;
    private GcPolicy ofLast = GcPolicy.NONE;

    Policies(Workflow workflow, Set<String> problems) {
        this.workflow = workflow;
        this.problems = problems;
        this.ofWorkflow = GcPolicy.NONE.with(orEmpty(workflow.getMetadata().getAnnotations()), "", problems);
    }

    /** Artifacts come node by node, and a node may have many. */
    GcPolicy of(NodeStatus node) {
        if (!node.equals(last)) {
            ofLast = read(node);
            last = node;
        }
        return ofLast;
    }

    private GcPolicy read(NodeStatus node) {
        Template template = templateOf(node);
        if (template == null) {
            return ofWorkflow;
        }
        String id = node.templateScope() + " " + node.templateRef() + " " + node.templateName();
        return ofTemplates.computeIfAbsent(
                id,
                _ -> ofWorkflow.with(
                        template.metadata().annotations(), "template \"" + template.name() + "\": ", problems));
    }

    /** Whether the node, or the workflow where the node's template says nothing, came to the end that the policy is for. */
    boolean comesToThatEnd(NodeStatus node) {
        GcPolicy.When when = of(node).when();
        if (when == null) {
            return true;
        }
        Template template = templateOf(node);
        boolean looksAtNode =
                template != null && GcPolicy.looksAtNode(template.metadata().annotations());
        return when.matches(
                looksAtNode ? node.phase().json() : workflow.getStatus().phase().json());
    }

    /** With {@code workflowTemplateRef} the spec that runs is the frozen one in the status. */
    static WorkflowSpec executedSpec(Workflow workflow) {
        WorkflowSpec stored = workflow.getStatus().storedWorkflowTemplateSpec();
        return stored == null ? workflow.getSpec() : stored;
    }

    private @Nullable Template templateOf(NodeStatus node) {
        Map<String, Template> stored = workflow.getStatus().storedTemplates();
        TemplateRef ref = node.templateRef();
        if (ref != null) {
            return stored.get((ref.clusterScope() ? "cluster/" : "namespaced/") + ref.name() + "/" + ref.template());
        }
        Template ofScope = stored.get(node.templateScope() + "/" + node.templateName());
        if (ofScope != null) {
            return ofScope;
        }
        return executedSpec(workflow).templates().stream()
                .filter(template -> Objects.equals(template.name(), node.templateName()))
                .findFirst()
                .orElse(null);
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> annotations) {
        return annotations == null ? Map.of() : annotations;
    }
}
