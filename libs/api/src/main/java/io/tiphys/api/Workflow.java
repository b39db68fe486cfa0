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

/** A workflow: what shall run, and what became of it. */
@Group(ArgoResource.GROUP)
@Version(ArgoResource.VERSION)
@Kind("Workflow")
@Plural("workflows")
@Singular("workflow")
@ShortNames("wf")
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class Workflow extends ArgoResource<WorkflowSpec> implements Namespaced {
    private final WorkflowStatus status;

    @JsonCreator
    public Workflow(
            @JsonProperty("metadata") @Nullable ObjectMeta metadata,
            @JsonProperty("spec") @Nullable WorkflowSpec spec,
            @JsonProperty("status") @Nullable WorkflowStatus status) {
        super(Workflow.class, metadata, spec == null ? WorkflowSpec.NONE : spec);
        this.status = status == null ? WorkflowStatus.NONE : status;
    }

    /** One that has not run. */
    public Workflow(@Nullable ObjectMeta metadata, WorkflowSpec spec) {
        this(metadata, spec, null);
    }

    /** What became of it; {@link WorkflowStatus#NONE} before anything has. */
    public WorkflowStatus getStatus() {
        return status;
    }

    /** The same with another spec. */
    public Workflow withSpec(WorkflowSpec newSpec) {
        return new Workflow(getMetadata(), newSpec, status);
    }

    /** The same with another status. */
    public Workflow withStatus(WorkflowStatus newStatus) {
        return new Workflow(getMetadata(), getSpec(), newStatus);
    }

    /** The same with other metadata. */
    public Workflow withMetadata(ObjectMeta newMetadata) {
        return new Workflow(newMetadata, getSpec(), status);
    }

    @JsonProperty("status")
    @Nullable
    WorkflowStatus statusUnlessNone() {
        return status.equals(WorkflowStatus.NONE) ? null : status;
    }

    @Override
    Object content() {
        return status;
    }
}
