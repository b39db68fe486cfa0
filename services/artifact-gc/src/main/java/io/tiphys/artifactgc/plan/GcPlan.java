package io.tiphys.artifactgc.plan;

import io.tiphys.api.ArtGCStatus;
import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactGC;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowLevelArtifactGC;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is due for one workflow right now.
 *
 * <p>Rules, from Argo's {@code artifact_gc.go}: an artifact's own strategy wins over the workflow's; only outputs of Pod nodes
 * count (archived logs are among them), since those have written objects, while the outputs of steps, DAGs and retries repeat
 * them; what is marked as deleted is left alone; a workflow that is deleted before it completed is due for both strategies.
 * {@link GcPolicy} narrows this down and never widens it.
 *
 * @param due the strategies whose time has come and that are not marked as processed; none while anything of them is delayed
 * @param deletions what goes now, in the order of the nodes
 * @param later what goes at a time to come: delayed, or waiting for the workflow's own deletion (then without a time)
 * @param problems annotations that can't be read, nodes that aren't there; while there is one, nothing is deleted
 * @param wouldGo what goes now or later if this were no dry run
 */
public record GcPlan(
        Set<GcStrategy> due,
        List<Deletion> deletions,
        List<Later> later,
        List<String> problems,
        List<Deletion> wouldGo) {
    /** The finalizer that keeps a Workflow until its artifacts are dealt with. */
    public static final String FINALIZER = "workflows.argoproj.io/artifact-gc";

    private static final String COMPLETED = "workflows.argoproj.io/completed";

    /** An artifact that is to go, but not yet. */
    public record Later(Deletion deletion, @Nullable Instant dueAt) {}

    public GcPlan {
        due = Set.copyOf(due);
        deletions = List.copyOf(deletions);
        later = List.copyOf(later);
        problems = List.copyOf(problems);
        wouldGo = List.copyOf(wouldGo);
    }

    /** The plan for a workflow whose nodes are inline (not compressed). */
    public static GcPlan of(Workflow workflow, Instant now) {
        Set<String> problems = new LinkedHashSet<>();
        Policies policies = new Policies(workflow, problems);
        WorkflowRef owner = new WorkflowRef(
                workflow.getMetadata().getNamespace(),
                workflow.getMetadata().getName(),
                workflow.getMetadata().getUid());
        Map<GcStrategy, Instant> began = new EnumMap<>(GcStrategy.class);
        for (GcStrategy strategy : GcStrategy.values()) {
            if (isReady(strategy, workflow)) {
                began.put(strategy, began(strategy, workflow, now));
            }
        }
        WholeLocations locations = new WholeLocations(workflow.getStatus());
        List<Deletion> deletions = new ArrayList<>();
        List<Later> later = new ArrayList<>();
        List<Deletion> wouldGo = new ArrayList<>();
        forEachOutput(workflow, (node, artifact) -> {
            Optional<GcStrategy> strategy = strategyOf(artifact, workflow);
            if (artifact.deleted() || strategy.isEmpty() || isWrittenOff(strategy.get(), workflow.getStatus())) {
                return;
            }
            GcPolicy policy = policies.of(node);
            if (policy.keep().contains(artifact.name()) || !policies.comesToThatEnd(node)) {
                return;
            }
            Artifact whole = locations.of(artifact);
            Deletion deletion = new Deletion(owner, node.id(), whole, strategy.get());
            Instant ready = began.get(strategy.get());
            Instant dueAt = ready == null ? null : ready.plus(policy.delay());
            if (policy.dryRun()) {
                wouldGo.add(deletion);
            } else if (dueAt == null || dueAt.isAfter(now)) {
                later.add(new Later(deletion, dueAt));
            } else {
                deletions.add(deletion);
            }
        });
        if (workflow.getStatus().nodes().isEmpty() && areNodesElsewhere(workflow.getStatus())) {
            problems.add(
                    "the workflow's nodes are too many for its status and can't be read from the archive, so that nobody"
                            + " can tell what it has written; delete it by hand or by a lifecycle rule of the bucket");
        } else if (deletions.isEmpty() && later.isEmpty() && wouldGo.isEmpty()) {
            problems.clear(); // nothing is there that they could be about
        }
        if (!problems.isEmpty()) {
            return new GcPlan(Set.of(), List.of(), withoutTime(deletions, later), List.copyOf(problems), wouldGo);
        }
        return new GcPlan(due(workflow, later, wouldGo), deletions, later, List.of(), wouldGo);
    }

    /** Whether the object has no room for the workflow's nodes, so that nothing can be marked in them. */
    public static boolean areNodesElsewhere(WorkflowStatus status) {
        String version = status.offloadNodeStatusVersion();
        return version != null && !version.isEmpty();
    }

    /** Nodes that are elsewhere can't be marked: there the strategy as a whole is, once all of it is gone. */
    private static boolean isWrittenOff(GcStrategy strategy, WorkflowStatus status) {
        return areNodesElsewhere(status) && isProcessed(strategy, status);
    }

    private static List<Later> withoutTime(List<Deletion> deletions, List<Later> later) {
        List<Later> all = new ArrayList<>(later);
        deletions.forEach(deletion -> all.add(new Later(deletion, null)));
        return all;
    }

    private static Set<GcStrategy> due(Workflow workflow, List<Later> later, List<Deletion> wouldGo) {
        Set<GcStrategy> due = EnumSet.noneOf(GcStrategy.class);
        for (GcStrategy strategy : GcStrategy.values()) {
            if (isReady(strategy, workflow) && !isProcessed(strategy, workflow.getStatus())) {
                due.add(strategy);
            }
        }
        later.forEach(waiting -> due.remove(waiting.deletion().strategy()));
        wouldGo.forEach(waiting -> due.remove(waiting.strategy()));
        return due;
    }

    /** Whether there is nothing to delete and nothing to write down. */
    public boolean isEmpty() {
        return due.isEmpty() && deletions.isEmpty() && problems.isEmpty() && wouldGo.isEmpty();
    }

    /** Whether every artifact that any strategy would ever take is gone, so that nothing holds the object any more. */
    public boolean isFinished() {
        return deletions.isEmpty() && later.isEmpty() && wouldGo.isEmpty() && problems.isEmpty();
    }

    public static boolean forcesFinalizerRemoval(Workflow workflow) {
        WorkflowLevelArtifactGC policy = Policies.executedSpec(workflow).artifactGC();
        return policy != null && policy.forceFinalizerRemoval();
    }

    /** Whether the time of any strategy has come. */
    public static boolean isReady(Workflow workflow) {
        return isCompleted(workflow) || isBeingDeleted(workflow);
    }

    public static boolean isBeingDeleted(Workflow workflow) {
        return workflow.getMetadata().getDeletionTimestamp() != null;
    }

    /** Whether the workflow has been waiting for its artifacts for so long since somebody deleted it. */
    public static boolean isHeldLongerThan(Duration longest, Workflow workflow, Instant now) {
        String deleted = workflow.getMetadata().getDeletionTimestamp();
        return deleted != null && !Instant.parse(deleted).plus(longest).isAfter(now);
    }

    public static boolean isCompleted(Workflow workflow) {
        Map<String, String> labels = workflow.getMetadata().getLabels();
        return labels != null && isCompleted(labels);
    }

    public static boolean isCompleted(Map<String, String> labels) {
        return "true".equals(labels.get(COMPLETED));
    }

    private static boolean isReady(GcStrategy strategy, Workflow workflow) {
        return switch (strategy) {
            case ON_WORKFLOW_COMPLETION -> isCompleted(workflow) || isBeingDeleted(workflow);
            case ON_WORKFLOW_DELETION -> isBeingDeleted(workflow);
        };
    }

    /** When a delay begins to count. */
    private static Instant began(GcStrategy strategy, Workflow workflow, Instant now) {
        Instant finished = workflow.getStatus().finishedAt();
        if (strategy == GcStrategy.ON_WORKFLOW_COMPLETION && isCompleted(workflow) && finished != null) {
            return finished;
        }
        String deleted = workflow.getMetadata().getDeletionTimestamp();
        return deleted == null ? now : Instant.parse(deleted);
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
        WorkflowLevelArtifactGC policy = Policies.executedSpec(workflow).artifactGC();
        return policy == null ? Optional.empty() : GcStrategy.of(policy.strategy());
    }

    private static boolean isGiven(@Nullable String strategy) {
        return strategy != null && !strategy.isEmpty();
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
