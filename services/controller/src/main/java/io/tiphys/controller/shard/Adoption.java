package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.engine.Input;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.pods.Names;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the engine how a node ended that was done before we knew the workflow: as the observations that its pod and its
 * executor would have given. Used when a Workflow has a status but no journal (Kafka was lost, or Argo ran it so far).
 */
final class Adoption {
    private Adoption() {}

    static List<Input> inputs(NodeStatus node, Instant now) {
        boolean isError = node.phase() == NodePhase.ERROR;
        boolean isFailed = node.phase() == NodePhase.FAILED;
        Input result = new Input.TaskResultReceived(
                node.id(),
                node.outputs(),
                isError ? NodePhase.ERROR : null,
                isError ? node.message() : null,
                node.progress(),
                true,
                now);
        Input pod = new Input.PodObserved(node.id(), facts(node, isFailed || isError), now);
        return List.of(result, pod);
    }

    private static PodFacts facts(NodeStatus node, boolean failed) {
        return new PodFacts(
                node.id(),
                failed ? PodPhase.FAILED : PodPhase.SUCCEEDED,
                null,
                failed ? node.message() : null,
                node.hostNodeName(),
                node.podIP(),
                node.startedAt(),
                List.of(new ContainerFacts(
                        Names.MAIN,
                        Role.MAIN,
                        ContainerState.TERMINATED,
                        false,
                        failed ? "Error" : "Completed",
                        null,
                        exitCode(node.outputs() == null ? null : node.outputs().exitCode(), failed),
                        node.startedAt(),
                        node.finishedAt())),
                false);
    }

    private static int exitCode(@Nullable String text, boolean failed) {
        return text != null && text.matches("\\d{1,3}") ? Integer.parseInt(text) : failed ? 1 : 0;
    }
}
