package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.container.Exit;

/** What a pod's run hears of; handled one at a time, in order. */
sealed interface Signal {
    /** The object changed. */
    record Updated(Pod pod) implements Signal {}

    /** The object is no more. */
    record Gone() implements Signal {}

    /** The node closes. */
    record Closing() implements Signal {}

    /** Of one start of a container, which may not be the latest by the time it is heard. */
    sealed interface OfContainer extends Signal {
        ContainerRun container();

        int attempt();
    }

    /** A container's process ended. */
    record Exited(ContainerRun container, int attempt, Exit exit) implements OfContainer {}

    /** The postStart hook ended. */
    record HookEnded(ContainerRun container, int attempt, boolean succeeded, String output) implements OfContainer {}

    /** A probe crossed a threshold. */
    record Probed(ContainerRun container, int attempt, ProbeKind kind, boolean succeeded, String output)
            implements OfContainer {}
}
