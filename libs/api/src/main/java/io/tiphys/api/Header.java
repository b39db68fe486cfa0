package io.tiphys.api;

/** A header of an HTTP artifact request. */
@ArgoType
public record Header(String name, String value) implements HeaderBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Header {
        name = name == null ? "" : name;
        value = value == null ? "" : value;
    }
}
