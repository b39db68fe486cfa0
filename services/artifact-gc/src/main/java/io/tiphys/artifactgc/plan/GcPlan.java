package io.tiphys.artifactgc.plan;

import io.tiphys.api.ArtGCStatus;
import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactGC;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowLevelArtifactGC;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is due for one workflow right now.
 *
 * <p>Rules, from Argo's {@code artifact_gc.go}: an artifact's own strategy wins over the workflow's; only outputs of Pod nodes
 * count, since those have written objects, while the outputs of steps, DAGs and retries repeat them; what is marked as
 * deleted is left alone; a workflow that is deleted before it completed is due for both strategies.
 *
 * @param due the strategies whose time has come and that are not marked as processed
 * @param deletions what these strategies take, in the order of the nodes
 */
public record GcPlan(Set<GcStrategy> due, List<Deletion> deletions) {
    /** The finalizer that keeps a Workflow until its artifacts are dealt with. */
    public static final String FINALIZER = "workflows.argoproj.io/artifact-gc";

    private static final String COMPLETED = "workflows.argoproj.io/completed";

    public GcPlan {
        due = Set.copyOf(due);
        deletions = List.copyOf(deletions);
    }

    /** The plan for a workflow whose nodes are inline (not compressed). */
    public static GcPlan of(Workflow workflow) {
        Set<GcStrategy> due = EnumSet.noneOf(GcStrategy.class);
        List<Deletion> deletions = new ArrayList<>();
        for (GcStrategy strategy : GcStrategy.values()) {
            if (isReady(strategy, workflow) && !isProcessed(strategy, workflow.getStatus())) {
                due.add(strategy);
            }
        }
        forEachOutput(workflow, (node, artifact) -> {
            Optional<GcStrategy> strategy = strategyOf(artifact, workflow);
            if (!artifact.deleted() && strategy.isPresent() && isReady(strategy.get(), workflow)) {
                deletions.add(new Deletion(node.id(), artifact));
            }
        });
        return new GcPlan(due, deletions);
    }

    public boolean isEmpty() {
        return due.isEmpty() && deletions.isEmpty();
    }

    /** Whether every artifact that any strategy would ever take is gone, so that nothing holds the object any more. */
    public static boolean isFinished(Workflow workflow) {
        List<Artifact> remaining = new ArrayList<>();
        forEachOutput(workflow, (_, artifact) -> {
            if (!artifact.deleted() && strategyOf(artifact, workflow).isPresent()) {
                remaining.add(artifact);
            }
        });
        return remaining.isEmpty();
    }

    public static boolean forcesFinalizerRemoval(Workflow workflow) {
        WorkflowLevelArtifactGC policy = executedSpec(workflow).artifactGC();
        return policy != null && policy.forceFinalizerRemoval();
    }

    /** Whether the time of any strategy has come. */
    public static boolean isReady(Workflow workflow) {
        return isCompleted(workflow) || isBeingDeleted(workflow);
    }

    static boolean isBeingDeleted(Workflow workflow) {
        return workflow.getMetadata().getDeletionTimestamp() != null;
    }

    private static boolean isReady(GcStrategy strategy, Workflow workflow) {
        return switch (strategy) {
            case ON_WORKFLOW_COMPLETION -> isCompleted(workflow) || isBeingDeleted(workflow);
            case ON_WORKFLOW_DELETION -> isBeingDeleted(workflow);
        };
    }

    private static boolean isCompleted(Workflow workflow) {
        return "true".equals(workflow.getMetadata().getLabels().get(COMPLETED));
    }

    private static boolean isProcessed(GcStrategy strategy, WorkflowStatus status) {
        ArtGCStatus gc = status.artifactGCStatus();
        return gc != null && gc.strategiesProcessed().getOrDefault(strategy.argoName(), false);
    }

    private static Optional<GcStrategy> strategyOf(Artifact artifact, Workflow workflow) {
        ArtifactGC own = artifact.artifactGC();
        if (own != null && isGiven(own.strategy())) {
            return GcStrategy.of(own.strategy());
        }
        WorkflowLevelArtifactGC policy = executedSpec(workflow).artifactGC();
        return policy == null ? Optional.empty() : GcStrategy.of(policy.strategy());
    }

    private static boolean isGiven(@Nullable String strategy) {
        return strategy != null && !strategy.isEmpty();
    }

    /** With {@code workflowTemplateRef} the spec that runs is the frozen one in the status. */
    private static WorkflowSpec executedSpec(Workflow workflow) {
        WorkflowSpec stored = workflow.getStatus().storedWorkflowTemplateSpec();
        return stored == null ? workflow.getSpec() : stored;
    }

    private static void forEachOutput(Workflow workflow, OutputVisitor visitor) {
        for (NodeStatus node : workflow.getStatus().nodes().values()) {
            Outputs outputs = node.outputs();
            if (node.type() == NodeType.POD && outputs != null) {
                outputs.artifacts().forEach(artifact -> visitor.visit(node, artifact));
            }
        }
    }

    private interface OutputVisitor {
        void visit(NodeStatus node, Artifact artifact);
    }
}
