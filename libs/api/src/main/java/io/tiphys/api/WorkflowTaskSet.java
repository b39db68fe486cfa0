package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** What the agent of the workflow of the same name has to do: HTTP requests and plugin templates. */
@Group(ArgoResource.GROUP)
@Version(ArgoResource.VERSION)
@Kind("WorkflowTaskSet")
@Plural("workflowtasksets")
@Singular("workflowtaskset")
@ShortNames("wfts")
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class WorkflowTaskSet extends ArgoResource<WorkflowTaskSetSpec> implements Namespaced {
    private final WorkflowTaskSetStatus status;

    @JsonCreator
    public WorkflowTaskSet(
            @JsonProperty("metadata") @Nullable ObjectMeta metadata,
            @JsonProperty("spec") @Nullable WorkflowTaskSetSpec spec,
            @JsonProperty("status") @Nullable WorkflowTaskSetStatus status) {
        super(WorkflowTaskSet.class, metadata, spec == null ? WorkflowTaskSetSpec.NONE : spec);
        this.status = status == null ? WorkflowTaskSetStatus.NONE : status;
    }

    /** One without results. */
    public WorkflowTaskSet(@Nullable ObjectMeta metadata, WorkflowTaskSetSpec spec) {
        this(metadata, spec, null);
    }

    /** Results; {@link WorkflowTaskSetStatus#NONE} before anything has. */
    public WorkflowTaskSetStatus getStatus() {
        return status;
    }

    /** The same with another spec. */
    public WorkflowTaskSet withSpec(WorkflowTaskSetSpec newSpec) {
        return new WorkflowTaskSet(getMetadata(), newSpec, status);
    }

    /** The same with another status. */
    public WorkflowTaskSet withStatus(WorkflowTaskSetStatus newStatus) {
        return new WorkflowTaskSet(getMetadata(), getSpec(), newStatus);
    }

    /** The same with other metadata. */
    public WorkflowTaskSet withMetadata(ObjectMeta newMetadata) {
        return new WorkflowTaskSet(newMetadata, getSpec(), status);
    }

    @JsonProperty("status")
    @Nullable
    WorkflowTaskSetStatus statusUnlessNone() {
        return status.equals(WorkflowTaskSetStatus.NONE) ? null : status;
    }

    @Override
    Object content() {
        return status;
    }
}
