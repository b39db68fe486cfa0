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

/** Starts workflows on a schedule. */
@Group(ArgoResource.GROUP)
@Version(ArgoResource.VERSION)
@Kind("CronWorkflow")
@Plural("cronworkflows")
@Singular("cronworkflow")
@ShortNames({"cwf", "cronwf"})
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class CronWorkflow extends ArgoResource<CronWorkflowSpec> implements Namespaced {
    private final CronWorkflowStatus status;

    @JsonCreator
    public CronWorkflow(
            @JsonProperty("metadata") @Nullable ObjectMeta metadata,
            @JsonProperty("spec") @Nullable CronWorkflowSpec spec,
            @JsonProperty("status") @Nullable CronWorkflowStatus status) {
        super(CronWorkflow.class, metadata, spec == null ? CronWorkflowSpec.NONE : spec);
        this.status = status == null ? CronWorkflowStatus.NONE : status;
    }

    /** One that has not run. */
    public CronWorkflow(@Nullable ObjectMeta metadata, CronWorkflowSpec spec) {
        this(metadata, spec, null);
    }

    /** What became of it; {@link CronWorkflowStatus#NONE} before anything has. */
    public CronWorkflowStatus getStatus() {
        return status;
    }

    /** The same with another spec. */
    public CronWorkflow withSpec(CronWorkflowSpec newSpec) {
        return new CronWorkflow(getMetadata(), newSpec, status);
    }

    /** The same with another status. */
    public CronWorkflow withStatus(CronWorkflowStatus newStatus) {
        return new CronWorkflow(getMetadata(), getSpec(), newStatus);
    }

    /** The same with other metadata. */
    public CronWorkflow withMetadata(ObjectMeta newMetadata) {
        return new CronWorkflow(newMetadata, getSpec(), status);
    }

    @JsonProperty("status")
    @Nullable
    CronWorkflowStatus statusUnlessNone() {
        return status.equals(CronWorkflowStatus.NONE) ? null : status;
    }

    @Override
    Object content() {
        return status;
    }
}
