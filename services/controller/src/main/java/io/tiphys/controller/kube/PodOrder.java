package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A pod that is wanted. It is made when it is its turn to be created, not before: while thousands wait, what each of them holds counts,
 * and some are wanted no more by then. Safe for several threads.
 */
public interface PodOrder {
    String namespace();

    /** Of the pod. */
    String name();

    /** Whether a pod is wanted that was made in an earlier life of the workflow, whose numbers mean nothing. */
    boolean takesOver();

    /** When many wait for their turn, pods of workflows with a higher priority come first in their namespace. */
    int priority();

    /** Whether the workflow begins with the pod: when many wait for their turn, those that others have begun are finished first. */
    boolean isBeginning();

    /** The pod, right before it is sent; null if none is to be created. Asked again for each attempt. */
    @Nullable
    Pod take();

    /** Of a pod that is made already. */
    static PodOrder of(Pod pod) {
        return new PodOrder() {
            @Override
            public String namespace() {
                return Objects.requireNonNull(pod.getMetadata().getNamespace());
            }

            @Override
            public String name() {
                return Objects.requireNonNull(pod.getMetadata().getName());
            }

            @Override
            public boolean takesOver() {
                return false;
            }

            @Override
            public int priority() {
                return 0;
            }

            @Override
            public boolean isBeginning() {
                return false;
            }

            @Override
            public Pod take() {
                return pod;
            }
        };
    }
}
