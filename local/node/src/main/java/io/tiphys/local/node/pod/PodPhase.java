package io.tiphys.local.node.pod;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The phase that follows from the states of a pod's containers, as the kubelet sees it. */
final class PodPhase {
    private PodPhase() {}

    /**
     * The phase.
     *
     * @param done whether no container runs or will run
     */
    static StatusBuilder.Phase of(
            @Nullable Stop stop, boolean done, List<ContainerRun> inits, List<ContainerRun> mains) {
        if (stop != null && stop.cause() == Stop.Cause.DEADLINE) {
            String message = "Pod was active on the node longer than the specified deadline";
            return new StatusBuilder.Phase(
                    done ? "Failed" : running(mains), done ? "DeadlineExceeded" : "", done ? message : "");
        }
        if (!done) {
            return new StatusBuilder.Phase(running(mains), "", "");
        }
        boolean succeeded = mains.stream().allMatch(ContainerRun::hasSucceeded);
        return new StatusBuilder.Phase(succeeded ? "Succeeded" : "Failed", "", "");
    }

    private static String running(List<ContainerRun> mains) {
        return mains.stream().anyMatch(ContainerRun::hasEverStarted) ? "Running" : "Pending";
    }
}
