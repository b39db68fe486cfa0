package io.tiphys.local.node.scheduling;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Which taints a pod tolerates. */
final class Taints {
    private Taints() {}

    /** The first taint that keeps the pod off the node. */
    static Optional<Taint> forbidding(Pod pod, SchedulableNode node) {
        return node.taints().stream()
                .filter(taint -> !"PreferNoSchedule".equals(taint.getEffect()))
                .filter(taint -> !isTolerated(taint, pod.getSpec().getTolerations()))
                .findFirst();
    }

    /** How many taints say that the pod had better go elsewhere. */
    static long disliked(Pod pod, SchedulableNode node) {
        return node.taints().stream()
                .filter(taint -> "PreferNoSchedule".equals(taint.getEffect()))
                .filter(taint -> !isTolerated(taint, pod.getSpec().getTolerations()))
                .count();
    }

    /** How Kubernetes writes a taint in its messages. */
    static String text(Taint taint) {
        return "{" + taint.getKey() + ": " + Objects.requireNonNullElse(taint.getValue(), "") + "}";
    }

    private static boolean isTolerated(Taint taint, List<Toleration> tolerations) {
        return tolerations.stream().anyMatch(toleration -> tolerates(toleration, taint));
    }

    private static boolean tolerates(Toleration toleration, Taint taint) {
        String effect = Objects.requireNonNullElse(toleration.getEffect(), "");
        String key = Objects.requireNonNullElse(toleration.getKey(), "");
        boolean exists = "Exists".equals(toleration.getOperator());
        boolean sameEffect = effect.isEmpty() || effect.equals(taint.getEffect());
        boolean sameKey = key.isEmpty() ? exists : key.equals(taint.getKey());
        boolean sameValue = exists
                || Objects.requireNonNullElse(toleration.getValue(), "")
                        .equals(Objects.requireNonNullElse(taint.getValue(), ""));
        return sameEffect && sameKey && sameValue;
    }
}
