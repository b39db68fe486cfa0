package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;

/**
 * A pod's {@code restartPolicy}. Sidecars are started again whatever it says, and init containers that have succeeded are not.
 *
 * @param name Always, OnFailure or Never
 */
record RestartPolicy(String name) {
    static RestartPolicy of(Pod pod) {
        String name = pod.getSpec().getRestartPolicy();
        return new RestartPolicy(name == null ? "Always" : name);
    }

    /** Whether a container has ended and isn't to be started again. */
    boolean isOver(ContainerRun run) {
        if (!run.hasEnded()) {
            return false;
        }
        return switch (run.kind()) {
            case SIDECAR -> false;
            case INIT -> run.hasSucceeded() || name.equals("Never");
            case MAIN -> name.equals("Never") || (name.equals("OnFailure") && run.hasSucceeded());
        };
    }
}
