package io.tiphys.controller.lifecycle;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.tiphys.api.NodePhase;
import io.tiphys.api.PodGC;
import io.tiphys.api.WorkflowPhase;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code spec.podGC}: when finished pods go (Argo: cost-optimisation.md). */
public record PodGcPolicy(String strategy, @Nullable LabelSelector selector, Optional<Duration> deleteDelay) {

    public static PodGcPolicy of(@Nullable PodGC podGC) {
        if (podGC == null || podGC.strategy() == null) {
            return new PodGcPolicy("", null, Optional.empty());
        }
        return new PodGcPolicy(podGC.strategy(), podGC.labelSelector(), Durations.parse(podGC.deleteDelayDuration()));
    }

    public boolean deletesOnPodEnd(NodePhase phase, Map<String, String> labels) {
        return switch (strategy) {
            case "OnPodCompletion" -> isSelected(labels);
            case "OnPodSuccess" -> phase == NodePhase.SUCCEEDED && isSelected(labels);
            default -> false;
        };
    }

    public boolean deletesOnWorkflowEnd(WorkflowPhase phase, Map<String, String> labels) {
        return switch (strategy) {
            case "OnWorkflowCompletion" -> isSelected(labels);
            case "OnWorkflowSuccess" -> phase == WorkflowPhase.SUCCEEDED && isSelected(labels);
            default -> false;
        };
    }

    private boolean isSelected(Map<String, String> labels) {
        if (selector == null) {
            return true;
        }
        if (selector.getMatchLabels() != null
                && !labels.entrySet().containsAll(selector.getMatchLabels().entrySet())) {
            return false;
        }
        return selector.getMatchExpressions() == null
                || selector.getMatchExpressions().stream().allMatch(requirement -> holds(requirement, labels));
    }

    private static boolean holds(LabelSelectorRequirement requirement, Map<String, String> labels) {
        String value = labels.get(requirement.getKey());
        return switch (requirement.getOperator()) {
            case "In" -> value != null && requirement.getValues().contains(value);
            case "NotIn" -> value == null || !requirement.getValues().contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            default -> false;
        };
    }
}
