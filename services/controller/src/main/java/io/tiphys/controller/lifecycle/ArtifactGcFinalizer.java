package io.tiphys.controller.lifecycle;

import io.tiphys.api.Artifact;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowSpec;
import org.jspecify.annotations.Nullable;

/** The finalizer that keeps a Workflow until its artifacts are dealt with. The service artifact-gc takes it off. */
public final class ArtifactGcFinalizer {
    public static final String NAME = "workflows.argoproj.io/artifact-gc";

    private ArtifactGcFinalizer() {}

    /** Whether the workflow or any of its artifacts asks for garbage collection. */
    public static boolean applies(WorkflowSpec spec) {
        if (spec.artifactGC() != null && deletes(spec.artifactGC().strategy())) {
            return true;
        }
        for (Template template : spec.templates()) {
            for (Artifact artifact : template.outputs().artifacts()) {
                if (artifact.artifactGC() != null
                        && deletes(artifact.artifactGC().strategy())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean deletes(@Nullable String strategy) {
        return "OnWorkflowCompletion".equals(strategy) || "OnWorkflowDeletion".equals(strategy);
    }
}
