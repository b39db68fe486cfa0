package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What became of one node. {@code children} holds node ids, in order. */
@ArgoType
public record NodeStatus(
        String name,
        String id,
        @Nullable String displayName,
        NodeType type,
        @Nullable String templateName,
        @Nullable TemplateRef templateRef,
        @Nullable String templateScope,
        NodePhase phase,
        @Nullable String boundaryID,
        @Nullable String message,

        @JsonSerialize(using = SecondPrecision.class)
        @JsonDeserialize(using = SecondPrecision.Deserializer.class)
        @Nullable
        Instant startedAt,

        @JsonSerialize(using = SecondPrecision.class) @Nullable
        Instant finishedAt,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long estimatedDuration,
        @Nullable String progress,
        Map<String, Long> resourcesDuration,
        @Nullable String podIP,
        @Nullable Boolean daemoned,
        @Nullable NodeFlag nodeFlag,
        @Nullable Inputs inputs,
        @Nullable Outputs outputs,
        List<String> children,
        List<String> outboundNodes,
        @Nullable String hostNodeName,
        @Nullable MemoizationStatus memoizationStatus,
        @Nullable NodeSynchronizationStatus synchronizationStatus,
        @Nullable Boolean taskResultSynced,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int failedPodRestarts,
        @Nullable String restartingPodUID)
        implements NodeStatusBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public NodeStatus {
        name = name == null ? "" : name;
        id = id == null ? "" : id;
        type = type == null ? NodeType.UNKNOWN : type;
        phase = phase == null ? NodePhase.UNKNOWN : phase;
        resourcesDuration = Frozen.map(resourcesDuration);
        children = Frozen.list(children);
        outboundNodes = Frozen.list(outboundNodes);
    }
}
