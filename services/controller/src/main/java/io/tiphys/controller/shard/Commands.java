package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.engine.Input;
import io.tiphys.messages.WorkflowCommand;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users' commands in the engine's words. */
final class Commands {
    private Commands() {}

    /** Empty if a selector or phase can't be read; the submitter checks them, so this is rare. */
    static Optional<Input> toInput(WorkflowCommand command, Instant now) {
        try {
            return Optional.of(
                    switch (command) {
                        case WorkflowCommand.Resume(var _, var _, var _, var selector) ->
                            new Input.ResumeRequested(selector(selector), now);
                        case WorkflowCommand.Retry retry ->
                            new Input.RetryRequested(
                                    retry.restartSuccessful(),
                                    selector(retry.nodeFieldSelector()),
                                    retry.parameters(),
                                    now);
                        case WorkflowCommand.SetNode set ->
                            new Input.NodesSet(
                                    selector(set.nodeFieldSelector()),
                                    set.phase() == null ? null : NodePhase.of(set.phase()),
                                    set.message(),
                                    set.outputParameters(),
                                    now);
                        case WorkflowCommand.StopNodes stop ->
                            new Input.NodesStopped(
                                    selector(stop.nodeFieldSelector()),
                                    stop.message() == null ? "" : stop.message(),
                                    now);
                    });
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static NodeFieldSelector selector(@Nullable String text) {
        return text == null || text.isBlank() ? NodeFieldSelector.ALL : NodeFieldSelector.parse(text);
    }
}
