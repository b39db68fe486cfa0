package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Input;
import io.tiphys.messages.TaskResult;
import java.time.Instant;
import java.util.Optional;

/** Executors' reports in the engine's words. */
final class TaskResults {
    private TaskResults() {}

    /** Empty if the outputs can't be read. */
    static Optional<Input> toInput(TaskResult result, Instant now) {
        try {
            Outputs outputs = result.outputs() == null || result.outputs().isNull()
                    ? null
                    : ApiJson.mapper().treeToValue(result.outputs(), Outputs.class);
            NodePhase phase = result.phase() == null || result.phase().isEmpty() ? null : NodePhase.of(result.phase());
            return Optional.of(new Input.TaskResultReceived(
                    result.nodeId(), outputs, phase, result.message(), result.progress(), result.complete(), now));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
