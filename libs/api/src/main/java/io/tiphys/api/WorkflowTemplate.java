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

/** A workflow to be started or templates to be referred to, in one namespace. */
@Group(ArgoResource.GROUP)
@Version(ArgoResource.VERSION)
@Kind("WorkflowTemplate")
@Plural("workflowtemplates")
@Singular("workflowtemplate")
@ShortNames("wftmpl")
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class WorkflowTemplate extends ArgoResource<WorkflowSpec> implements Namespaced {
    @JsonCreator
    public WorkflowTemplate(
            @JsonProperty("metadata") @Nullable ObjectMeta metadata,
            @JsonProperty("spec") @Nullable WorkflowSpec spec) {
        super(WorkflowTemplate.class, metadata, spec == null ? WorkflowSpec.NONE : spec);
    }

    /** The same with another spec. */
    public WorkflowTemplate withSpec(WorkflowSpec newSpec) {
        return new WorkflowTemplate(getMetadata(), newSpec);
    }

    /** The same with other metadata. */
    public WorkflowTemplate withMetadata(ObjectMeta newMetadata) {
        return new WorkflowTemplate(newMetadata, getSpec());
    }
}
