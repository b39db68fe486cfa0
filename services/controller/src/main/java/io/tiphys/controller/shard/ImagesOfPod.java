package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.controller.image.ImageCommands.Answer;
import io.tiphys.engine.Command;
import io.tiphys.pods.DesiredPod;
import io.tiphys.pods.PodSettings.ImageCommand;
import io.tiphys.pods.WorkflowFacts;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Plans a pod of which it must first be found out what its images start. Blocks its caller, a virtual thread. */
record ImagesOfPod(ShardServices services, String namespace) {

    /** What came of it. */
    sealed interface Outcome {
        record Made(Pod pod) implements Outcome {}

        record None(String message, boolean isTransient) implements Outcome {}
    }

    /** Each round either ends it or learns of an image that wasn't known, so there are no more rounds than containers. */
    Outcome plan(Command.EnsurePod wish, WorkflowFacts facts, Instant now, DesiredPod.ImageUnknown first)
            throws InterruptedException {
        Map<String, ImageCommand> found = new HashMap<>();
        DesiredPod.ImageUnknown unknown = first;
        while (!found.containsKey(unknown.image())) {
            switch (services.images().find(namespace, unknown)) {
                case Answer.NotFound(var message, var isTransient) -> {
                    return new Outcome.None(message, isTransient);
                }
                case Answer.Found(var command) -> found.put(unknown.image(), command);
            }
            switch (services.planner().plan(wish, facts, now, found)) {
                case DesiredPod.Planned(var pod) -> {
                    return new Outcome.Made(pod);
                }
                case DesiredPod.Refused(var message) -> {
                    return new Outcome.None(message, false);
                }
                case DesiredPod.ImageUnknown more -> unknown = more;
            }
        }
        return new Outcome.None(unknown.message(), false);
    }
}
