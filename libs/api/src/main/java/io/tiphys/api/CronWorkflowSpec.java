package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** When to start workflows and what they look like. */
@ArgoType
public record CronWorkflowSpec(
        @Nullable WorkflowSpec workflowSpec,
        @Nullable String concurrencyPolicy,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean suspend,
        @Nullable Long startingDeadlineSeconds,
        @Nullable Integer successfulJobsHistoryLimit,
        @Nullable Integer failedJobsHistoryLimit,
        @Nullable String timezone,
        @Nullable ObjectMeta workflowMetadata,
        @Nullable StopStrategy stopStrategy,
        List<String> schedules,
        @Nullable String when)
        implements CronWorkflowSpecBuilder.With {
    /** Nothing given. */
    public static final CronWorkflowSpec NONE =
            CronWorkflowSpecBuilder.builder().build();

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public CronWorkflowSpec {
        schedules = Frozen.list(schedules);
    }
}
