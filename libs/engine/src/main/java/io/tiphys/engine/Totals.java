package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps up what nodes and their run show as the sum of all below them: progress, and resources that pods used. */
final class Totals {
    private Totals() {}

    /** Sets the progress of a leaf and carries the difference up. */
    static void progress(Node node, int done, int total) {
        int moreDone = done - node.progressDone;
        int moreTotal = total - node.progressTotal;
        if (moreDone == 0 && moreTotal == 0) {
            return;
        }
        node.run.progressDone += moreDone;
        node.run.progressTotal += moreTotal;
        for (Node up = node; up != null; up = above(up)) {
            // a leaf that has hooks or containers below it shows its own progress only
            if (up == node || !Families.isExecutable(up.type)) {
                up.progressDone += moreDone;
                up.progressTotal += moreTotal;
            }
        }
    }

    static void finishProgress(Node node) {
        if (Families.isExecutable(node.type) && node.phase == NodePhase.SUCCEEDED) {
            progress(node, node.progressTotal, node.progressTotal);
        }
    }

    /** Adds what a pod has used to all that it is a part of. */
    static void used(Node pod, Map<String, Long> seconds) {
        if (seconds.isEmpty()) {
            return;
        }
        pod.run.resources = sum(pod.run.resources, seconds);
        for (Node up = pod; up != null; up = above(up)) {
            // a pod that has hooks below it shows what it used itself
            if (up == pod || !Families.isExecutable(up.type)) {
                up.resources = sum(up.resources, seconds);
            }
        }
    }

    private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
        Map<String, Long> sum = new TreeMap<>(one);
        other.forEach((resource, seconds) -> sum.merge(resource, seconds, Long::sum));
        return sum;
    }

    /** The node that counts what is below it; Argo: the workflow's exit handler counts for the workflow only. */
    private static @Nullable Node above(Node node) {
        boolean ofWorkflow = node.origin.kind() == Origin.Kind.EXIT_HOOK && node.boundary == null;
        return ofWorkflow && node.parent == node.run.entry ? null : node.parent;
    }
}
