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

    /** A container's process ended. */
    record Exited(ContainerRun container, int attempt, Exit exit) implements Signal {}

    /** The postStart hook ended. */
    record HookEnded(ContainerRun container, int attempt, boolean succeeded, String output) implements Signal {}

    /** A probe crossed a threshold. */
    record Probed(ContainerRun container, int attempt, ProbeKind kind, boolean succeeded, String output)
            implements Signal {}
}
