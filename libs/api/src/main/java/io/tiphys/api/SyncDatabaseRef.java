package io.tiphys.api;

/** A lock kept in a database. */
@ArgoType
public record SyncDatabaseRef(String key) implements SyncDatabaseRefBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public SyncDatabaseRef {
        key = key == null ? "" : key;
    }
}
