package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;

/** One of the forms that a workflow pod takes: {@link Lean}, {@link Staging}, or {@link Worker}. */
sealed interface Shape permits Lean, Staging, Worker {
    List<Container> initContainers();

    List<Container> containers();

    /** Volumes of our own. */
    List<Volume> volumes();

    /** The last touch, after {@code podSpecPatch}: a patch is to see and change the user's own commands. */
    default PodSpec finished(PodSpec patched) {
        return patched;
    }
}
