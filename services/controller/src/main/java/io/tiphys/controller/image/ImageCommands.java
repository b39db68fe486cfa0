package io.tiphys.controller.image;

import io.tiphys.pods.DesiredPod.ImageUnknown;
import io.tiphys.pods.PodSettings.ImageCommand;

/** Finds out what images start. Blocks its caller, which is a virtual thread. */
@FunctionalInterface
public interface ImageCommands {
    /** Nobody is asked. */
    ImageCommands NONE = (_, unknown) -> new Answer.NotFound(unknown.message(), false);

    /**
     * What the image starts.
     *
     * @param namespace of the pod, where its service account and the Secrets with credentials are
     */
    Answer find(String namespace, ImageUnknown unknown) throws InterruptedException;

    /** What came of the question. */
    sealed interface Answer {
        record Found(ImageCommand command) implements Answer {}

        /**
         * Nobody told.
         *
         * @param message for the user: names the image, what went wrong and what to do
         * @param isTransient whether the same question may be answered later
         */
        record NotFound(String message, boolean isTransient) implements Answer {}
    }
}
