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
 * @param hold whether the pod stays until it is released
 */
public record PodObservation(
        String namespace,
        String workflowUid,
        String nodeId,
        String podUid,
        int nodeSeq,
        boolean completed,
        Hold hold,
        Map<String, String> labels,
        PodFacts facts) {
    /** What Argo's finalizer {@code workflows.argoproj.io/status} does for a pod. */
    public enum Hold {
        /** It hasn't got the finalizer. */
        NONE,
        /** It would stay if it were deleted. */
        HELD,
        /** It is deleted, and only the finalizer keeps it, or will once its containers have ended. */
        LEAVING
    }

    private static final Pattern SEQ = Pattern.compile("\\d{1,9}");

    public PodObservation {
        labels = Map.copyOf(labels);
    }

    /** The same pod, seen to be gone. */
    public PodObservation gone() {
        return new PodObservation(
                namespace,
                workflowUid,
                nodeId,
                podUid,
                nodeSeq,
                completed,
                hold,
                labels,
                PodFacts.gone(facts.podName()));
    }

    /**
     * Whether the pod is kept for nothing any more.
     *
     * @param isOver whether nobody waits for what it does
     */
    public boolean isKeptForNothing(boolean isOver) {
        return switch (hold) {
            case NONE -> false;
            case HELD -> completed;
            case LEAVING -> isOver || hasEnded() || facts.deleted();
        };
    }

    /** What the annotation says; -1 if it says nothing. */
    static int nodeSeq(@Nullable String annotation) {
        return annotation != null && SEQ.matcher(annotation).matches() ? Integer.parseInt(annotation) : -1;
    }

    public boolean hasEnded() {
        return facts.phase() == PodPhase.SUCCEEDED || facts.phase() == PodPhase.FAILED;
    }
}
