package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.fabric8.kubernetes.api.model.ObjectReference;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a cron workflow has started so far. */
@ArgoType
public record CronWorkflowStatus(
        List<ObjectReference> active,

        @JsonSerialize(using = SecondPrecision.class)
        @JsonDeserialize(using = SecondPrecision.Deserializer.class)
        @Nullable
        Instant lastScheduledTime,

        List<Condition> conditions,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long succeeded,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long failed,
        @Nullable String phase)
        implements CronWorkflowStatusBuilder.With {
    /** Nothing given. */
    public static final CronWorkflowStatus NONE =
            CronWorkflowStatusBuilder.builder().build();

    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public CronWorkflowStatus {
        active = Frozen.list(active);
        conditions = Frozen.list(conditions);
    }
}
