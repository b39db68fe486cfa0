package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** A workflow template for all namespaces. */
@Group(ArgoResource.GROUP)
@Version(ArgoResource.VERSION)
@Kind("ClusterWorkflowTemplate")
@Plural("clusterworkflowtemplates")
@Singular("clusterworkflowtemplate")
@ShortNames({"clusterwftmpl", "cwft"})
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class ClusterWorkflowTemplate extends ArgoResource<WorkflowSpec> {
    @JsonCreator
    public ClusterWorkflowTemplate(
            @JsonProperty("metadata") @Nullable ObjectMeta metadata,
            @JsonProperty("spec") @Nullable WorkflowSpec spec) {
        super(ClusterWorkflowTemplate.class, metadata, spec == null ? WorkflowSpec.NONE : spec);
    }

    /** The same with another spec. */
    public ClusterWorkflowTemplate withSpec(WorkflowSpec newSpec) {
        return new ClusterWorkflowTemplate(getMetadata(), newSpec);
    }

    /** The same with other metadata. */
    public ClusterWorkflowTemplate withMetadata(ObjectMeta newMetadata) {
        return new ClusterWorkflowTemplate(newMetadata, getSpec());
    }
}
