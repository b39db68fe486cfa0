package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.fabric8.kubernetes.api.model.Volume;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of a workflow: phase, nodes, outputs. {@code nodes} is keyed by node id; it is empty when the nodes are compressed or live in the archive. */
@ArgoType
public record WorkflowStatus(
        WorkflowPhase phase,

        @JsonSerialize(using = SecondPrecision.class)
        @JsonDeserialize(using = SecondPrecision.Deserializer.class)
        @Nullable
        Instant startedAt,

        @JsonSerialize(using = SecondPrecision.class) @Nullable
        Instant finishedAt,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long estimatedDuration,
        @Nullable String progress,
        @Nullable String message,
        @Nullable String compressedNodes,
        Map<String, NodeStatus> nodes,
        @Nullable String offloadNodeStatusVersion,
        Map<String, Template> storedTemplates,
        List<Volume> persistentVolumeClaims,
        @Nullable Outputs outputs,
        List<Condition> conditions,
        Map<String, Long> resourcesDuration,
        @Nullable WorkflowSpec storedWorkflowTemplateSpec,
        @Nullable SynchronizationStatus synchronization,
        @Nullable ArtifactRepositoryRefStatus artifactRepositoryRef,
        @Nullable ArtGCStatus artifactGCStatus,
        Map<String, Boolean> taskResultsCompletionStatus)
        implements WorkflowStatusBuilder.With {
    /** Nothing given. */
    public static final WorkflowStatus NONE = WorkflowStatusBuilder.builder().build();

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public WorkflowStatus {
        phase = phase == null ? WorkflowPhase.UNKNOWN : phase;
        nodes = Frozen.map(nodes);
        storedTemplates = Frozen.map(storedTemplates);
        persistentVolumeClaims = Frozen.list(persistentVolumeClaims);
        conditions = Frozen.list(conditions);
        resourcesDuration = Frozen.map(resourcesDuration);
        taskResultsCompletionStatus = Frozen.map(taskResultsCompletionStatus);
    }
}
