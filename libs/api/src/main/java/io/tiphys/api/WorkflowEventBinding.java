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

/** Starts a workflow template when an event matches. */
@Group(ArgoResource.GROUP)
@Version(ArgoResource.VERSION)
@Kind("WorkflowEventBinding")
@Plural("workfloweventbindings")
@Singular("workfloweventbinding")
@ShortNames("wfeb")
@JsonDeserialize(using = JsonDeserializer.None.class)
public final class WorkflowEventBinding extends ArgoResource<WorkflowEventBindingSpec> implements Namespaced {
    @JsonCreator
    public WorkflowEventBinding(
            @JsonProperty("metadata") @Nullable ObjectMeta metadata,
            @JsonProperty("spec") @Nullable WorkflowEventBindingSpec spec) {
        super(WorkflowEventBinding.class, metadata, spec == null ? WorkflowEventBindingSpec.NONE : spec);
    }

    /** The same with another spec. */
    public WorkflowEventBinding withSpec(WorkflowEventBindingSpec newSpec) {
        return new WorkflowEventBinding(getMetadata(), newSpec);
    }

    /** The same with other metadata. */
    public WorkflowEventBinding withMetadata(ObjectMeta newMetadata) {
        return new WorkflowEventBinding(newMetadata, getSpec());
    }
}
