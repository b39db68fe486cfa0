package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A top-level kind of the group {@code argoproj.io}, as any Fabric8 client carries it. Spec and status never change; only
 * {@code metadata} can be replaced, because {@link HasMetadata} wants that.
 *
 * @param <S> the spec
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonAutoDetect(
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE,
        setterVisibility = JsonAutoDetect.Visibility.NONE,
        fieldVisibility = JsonAutoDetect.Visibility.NONE)
public abstract sealed class ArgoResource<S> implements HasMetadata
        permits Workflow,
                WorkflowTemplate,
                ClusterWorkflowTemplate,
                CronWorkflow,
                WorkflowEventBinding,
                WorkflowTaskSet {
    /** Argo's API group. */
    public static final String GROUP = "argoproj.io";
    /** The one version of Argo's API. */
    public static final String VERSION = "v1alpha1";
    /** Group and version as manifests write them. */
    public static final String API_VERSION = GROUP + "/" + VERSION;

    private final String kind;
    private ObjectMeta metadata;
    private final S spec;

    ArgoResource(Class<? extends ArgoResource<S>> type, @Nullable ObjectMeta metadata, S spec) {
        this.kind = HasMetadata.getKind(type);
        this.metadata = metadata == null ? new ObjectMeta() : metadata;
        this.spec = spec;
    }

    @Override
    @JsonProperty("apiVersion")
    public final String getApiVersion() {
        return API_VERSION;
    }

    /** Does nothing: there is one version. */
    @Override
    public final void setApiVersion(String version) {}

    @Override
    @JsonProperty("kind")
    public final String getKind() {
        return kind;
    }

    @Override
    @JsonProperty("metadata")
    public final ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public final void setMetadata(ObjectMeta metadata) {
        this.metadata = metadata;
    }

    /** What is wanted. */
    @JsonProperty("spec")
    public final S getSpec() {
        return spec;
    }

    /** What is equal besides metadata and spec, in kinds that have more. */
    @Nullable
    Object content() {
        return null;
    }

    @Override
    public final boolean equals(@Nullable Object other) {
        return other instanceof ArgoResource<?> that
                && kind.equals(that.kind)
                && metadata.equals(that.metadata)
                && spec.equals(that.spec)
                && Objects.equals(content(), that.content());
    }

    @Override
    public final int hashCode() {
        return Objects.hash(kind, metadata, spec, content());
    }

    @Override
    public final String toString() {
        return kind + " " + (metadata.getNamespace() == null ? "" : metadata.getNamespace() + "/") + metadata.getName();
    }
}
