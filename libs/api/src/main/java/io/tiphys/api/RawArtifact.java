package io.tiphys.api;

/** A file whose text stands in the manifest. */
@ArgoType
public record RawArtifact(String data) implements RawArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public RawArtifact {
        data = data == null ? "" : data;
    }
}
