package io.tiphys.controller.kube;

import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.PodPhase;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one of our pods, without the rest of the object.
 *
 * @param podUid tells a pod from its successor of the same name
 * @param nodeSeq which creation of the node it was made for; -1 if it doesn't say
 * @param completed whether it carries the label {@code workflows.argoproj.io/completed=true}
 */
public record PodObservation(
        String namespace,
        String workflowUid,
        String nodeId,
        String podUid,
        int nodeSeq,
        boolean completed,
        Map<String, String> labels,
        PodFacts facts) {
    private static final Pattern SEQ = Pattern.compile("\\d{1,9}");

    public PodObservation {
        labels = Map.copyOf(labels);
    }

    /** The same pod, seen to be gone. */
    public PodObservation gone() {
        return new PodObservation(
                namespace, workflowUid, nodeId, podUid, nodeSeq, completed, labels, PodFacts.gone(facts.podName()));
    }

    /** What the annotation says; -1 if it says nothing. */
    static int nodeSeq(@Nullable String annotation) {
        return annotation != null && SEQ.matcher(annotation).matches() ? Integer.parseInt(annotation) : -1;
    }

    public boolean hasEnded() {
        return facts.phase() == PodPhase.SUCCEEDED || facts.phase() == PodPhase.FAILED;
    }
}
