package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyOnExitCodesRequirement;
import io.fabric8.kubernetes.api.model.batch.v1.PodFailurePolicyRule;
import java.util.List;
import java.util.Optional;

/** What a Job's {@code podFailurePolicy} makes of a pod that failed: the first rule that matches counts. */
final class FailurePolicy {
    private FailurePolicy() {}

    /**
     * What becomes of the Job.
     *
     * @param message of {@code FAIL_JOB}; "" otherwise
     */
    record Judgement(Action action, String message) {
        static final Judgement COUNT = new Judgement(Action.COUNT, "");
    }

    enum Action {
        COUNT,
        IGNORE,
        FAIL_INDEX,
        FAIL_JOB
    }

    static Judgement of(Job job, Pod pod) {
        if (job.getSpec().getPodFailurePolicy() == null) {
            return Judgement.COUNT;
        }
        List<PodFailurePolicyRule> rules = job.getSpec().getPodFailurePolicy().getRules();
        for (int i = 0; i < rules.size(); i++) {
            Optional<String> why = why(rules.get(i), pod, i);
            if (why.isPresent()) {
                return switch (rules.get(i).getAction()) {
                    case "FailJob" -> new Judgement(Action.FAIL_JOB, why.get());
                    case "FailIndex" -> new Judgement(Action.FAIL_INDEX, "");
                    case "Ignore" -> new Judgement(Action.IGNORE, "");
                    default -> Judgement.COUNT;
                };
            }
        }
        return Judgement.COUNT;
    }

    private static Optional<String> why(PodFailurePolicyRule rule, Pod pod, int at) {
        String name = pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName();
        if (rule.getOnExitCodes() != null) {
            return JobPods.statuses(pod)
                    .filter(status -> matches(rule.getOnExitCodes(), status))
                    .findFirst()
                    .map(status -> "Container " + status.getName() + " for pod " + name + " failed with exit code "
                            + status.getState().getTerminated().getExitCode() + " matching " + rule.getAction()
                            + " rule at index " + at);
        }
        return rule.getOnPodConditions().stream()
                .filter(wanted -> pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals(wanted.getType())
                                && condition
                                        .getStatus()
                                        .equals(wanted.getStatus() == null ? "True" : wanted.getStatus())))
                .findFirst()
                .map(wanted -> "Pod " + name + " has condition " + wanted.getType() + " matching " + rule.getAction()
                        + " rule at index " + at);
    }

    private static boolean matches(PodFailurePolicyOnExitCodesRequirement wanted, ContainerStatus status) {
        boolean isAsked =
                wanted.getContainerName() == null || wanted.getContainerName().equals(status.getName());
        return isAsked
                && JobPods.terminated(status)
                        .filter(ended -> ended.getExitCode() != 0)
                        .filter(ended ->
                                wanted.getValues().contains(ended.getExitCode()) == "In".equals(wanted.getOperator()))
                        .isPresent();
    }
}
