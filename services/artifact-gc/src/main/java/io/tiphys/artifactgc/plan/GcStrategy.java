package io.tiphys.artifactgc.plan;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When artifacts are deleted: the values of Argo's {@code artifactGC.strategy} that lead to a deletion. */
public enum GcStrategy {
    ON_WORKFLOW_COMPLETION("OnWorkflowCompletion"),
    ON_WORKFLOW_DELETION("OnWorkflowDeletion");

    private final String argoName;

    GcStrategy(String argoName) {
        this.argoName = argoName;
    }

    /** As it stands in manifests and in {@code status.artifactGCStatus.strategiesProcessed}. */
    public String argoName() {
        return argoName;
    }

    /** Empty for {@code Never}, for nothing given, and for what Argo doesn't know: such artifacts stay. */
    public static Optional<GcStrategy> of(@Nullable String argoName) {
        return Arrays.stream(values())
                .filter(strategy -> strategy.argoName.equals(argoName))
                .findFirst();
    }
}
