package io.tiphys.messages;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks of a running or finished workflow and that can't be said in the Workflow's spec. A controller applies
 * an {@link #id()} once; a second copy is a no-op.
 *
 * <p>A node field selector is Argo's: {@code displayName=approve}, {@code name=…}, {@code templateName=…},
 * {@code inputs.parameters.x.value=…}, comma-separated; null or empty selects all nodes the command can apply to.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkflowCommand.Resume.class, name = "resume"),
    @JsonSubTypes.Type(value = WorkflowCommand.Retry.class, name = "retry"),
    @JsonSubTypes.Type(value = WorkflowCommand.SetNode.class, name = "set-node"),
    @JsonSubTypes.Type(value = WorkflowCommand.StopNodes.class, name = "stop-nodes")
})
public sealed interface WorkflowCommand extends Message {

    /** Unique per request of a user; made by the submitter. */
    String id();

    @Override
    default Topic topic() {
        return Topics.COMMANDS;
    }

    @Override
    default String eventId() {
        return id();
    }

    /** Suspended nodes go on, as Succeeded. The submitter clears {@code spec.suspend} as well. */
    record Resume(
            String id,
            WorkflowRef workflow,
            Instant at,
            @Nullable String nodeFieldSelector) implements WorkflowCommand {
        @Override
        public String eventType() {
            return "io.tiphys.command.resume";
        }
    }

    /**
     * Failed nodes of a finished workflow run again.
     *
     * @param restartSuccessful whether nodes that succeeded and that the selector names run again as well
     * @param parameters overrides as {@code name=value}
     */
    record Retry(
            String id,
            WorkflowRef workflow,
            Instant at,
            boolean restartSuccessful,
            @Nullable String nodeFieldSelector,
            List<String> parameters)
            implements WorkflowCommand {
        public Retry {
            parameters = parameters == null ? List.of() : List.copyOf(parameters);
        }

        @Override
        public String eventType() {
            return "io.tiphys.command.retry";
        }
    }

    /**
     * Sets what a suspended node is to report.
     *
     * @param phase the node's final phase, or null to leave it suspended
     * @param outputParameters values for outputs that are {@code valueFrom.supplied}
     */
    record SetNode(
            String id,
            WorkflowRef workflow,
            Instant at,
            @Nullable String nodeFieldSelector,
            @Nullable String phase,
            @Nullable String message,
            Map<String, String> outputParameters)
            implements WorkflowCommand {
        public SetNode {
            outputParameters = outputParameters == null ? Map.of() : Map.copyOf(outputParameters);
        }

        @Override
        public String eventType() {
            return "io.tiphys.command.set-node";
        }
    }

    /** Suspended nodes that the selector names end as Failed. Stopping a whole workflow is {@code spec.shutdown}. */
    record StopNodes(
            String id,
            WorkflowRef workflow,
            Instant at,
            String nodeFieldSelector,
            @Nullable String message) implements WorkflowCommand {
        @Override
        public String eventType() {
            return "io.tiphys.command.stop-nodes";
        }
    }
}
