package io.tiphys.artifactgc.plan;

import io.tiphys.api.ArtGCStatus;
import io.tiphys.api.Artifact;
import io.tiphys.api.Condition;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeStatusBuilder;
import io.tiphys.api.Outputs;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.WorkflowStatusBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes what became of a plan into a workflow's status, as Argo's readers expect it. */
public final class GcRecord {
    /** Argo's condition that tells of artifacts that couldn't be deleted. */
    static final String ERROR = "ArtifactGCError";
    /** Ours, that tells what a dry run would have deleted. */
    static final String DRY_RUN = "ArtifactGCDryRun";

    private static final int MAX_NAMED = 20;

    private GcRecord() {}

    /**
     * The status after these outcomes: artifacts marked as deleted, the due strategies as processed, failures as a condition
     * (whose message is the first failure's), a dry run's finds as another. A later round without failures takes the condition
     * away.
     */
    public static WorkflowStatus apply(WorkflowStatus status, GcPlan plan, List<Outcome> outcomes) {
        return WorkflowStatusBuilder.builder(status)
                .nodes(markDeleted(status.nodes(), outcomes))
                .artifactGCStatus(processed(status, plan, outcomes))
                .conditions(conditions(status.conditions(), plan, outcomes))
                .build();
    }

    /** What people are told of failures: the plan's problems, or the deletions that failed, in Argo's wording. */
    public static List<String> errors(GcPlan plan, List<Outcome> outcomes) {
        List<String> errors = new ArrayList<>();
        plan.problems().forEach(problem -> errors.add("Artifact Garbage Collection deletes nothing: " + problem));
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Failed failed) {
                errors.add("Artifact Garbage Collection failed for strategy %s, err:%s"
                        .formatted(failed.deletion().strategy().argoName(), failed.reason()));
            }
        }
        return errors;
    }

    /** What a dry run has to say; the first few by name. */
    public static String dryRunMessage(List<Deletion> wouldGo) {
        StringBuilder message = new StringBuilder(wouldGo.size() + " artifacts would be deleted: ");
        for (int n = 0; n < Math.min(wouldGo.size(), MAX_NAMED); n++) {
            Deletion deletion = wouldGo.get(n);
            message.append(n == 0 ? "" : ", ")
                    .append(deletion.nodeId())
                    .append('/')
                    .append(deletion.artifact().name())
                    .append(" (")
                    .append(deletion.strategy().argoName())
                    .append(')');
        }
        return wouldGo.size() > MAX_NAMED ? message + ", …" : message.toString();
    }

    private static Map<String, NodeStatus> markDeleted(Map<String, NodeStatus> nodes, List<Outcome> outcomes) {
        Map<String, Set<String>> deleted = new LinkedHashMap<>();
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Deleted(Deletion deletion)) {
                deleted.computeIfAbsent(deletion.nodeId(), _ -> new HashSet<>())
                        .add(deletion.artifact().name());
            }
        }
        Map<String, NodeStatus> result = new LinkedHashMap<>(nodes);
        deleted.forEach((nodeId, names) -> result.computeIfPresent(nodeId, (_, node) -> markDeleted(node, names)));
        return result;
    }

    private static NodeStatus markDeleted(NodeStatus node, Set<String> names) {
        Outputs outputs = node.outputs();
        if (outputs == null) {
            return node;
        }
        List<Artifact> artifacts = outputs.artifacts().stream()
                .map(artifact -> names.contains(artifact.name()) ? artifact.withDeleted(true) : artifact)
                .toList();
        return NodeStatusBuilder.builder(node)
                .outputs(outputs.withArtifacts(artifacts))
                .build();
    }

    /** Where nodes can't be marked as their artifacts go, a strategy is processed only when all of it is gone. */
    private static ArtGCStatus processed(WorkflowStatus status, GcPlan plan, List<Outcome> outcomes) {
        ArtGCStatus before = status.artifactGCStatus();
        Map<String, Boolean> processed = new LinkedHashMap<>(before == null ? Map.of() : before.strategiesProcessed());
        for (GcStrategy strategy : GcStrategy.values()) {
            boolean isLeft = outcomes.stream()
                    .anyMatch(outcome ->
                            outcome.deletion().strategy() == strategy && !(outcome instanceof Outcome.Deleted));
            if (plan.due().contains(strategy) && !(isLeft && GcPlan.areNodesElsewhere(status))) {
                processed.put(strategy.argoName(), true);
            }
        }
        return new ArtGCStatus(
                processed, before == null ? Map.of() : before.podsRecouped(), before != null && before.notSpecified());
    }

    private static List<Condition> conditions(List<Condition> before, GcPlan plan, List<Outcome> outcomes) {
        List<Condition> conditions = new ArrayList<>(before);
        conditions.removeIf(condition -> ERROR.equals(condition.type()) || DRY_RUN.equals(condition.type()));
        errors(plan, outcomes).stream()
                .findFirst()
                .ifPresent(message -> conditions.add(new Condition(ERROR, "True", message)));
        if (!plan.wouldGo().isEmpty()) {
            conditions.add(new Condition(DRY_RUN, "True", dryRunMessage(plan.wouldGo())));
        }
        return conditions;
    }
}
