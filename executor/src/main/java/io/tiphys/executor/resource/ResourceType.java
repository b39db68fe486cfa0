package io.tiphys.executor.resource;

import org.jspecify.annotations.Nullable;

/** A kind of objects as the API server serves it. */
record ResourceType(String groupVersion, String kind, String plural, boolean namespaced) {
    /** Path of one object, or of all of them when there is no name. */
    String path(@Nullable String namespace, @Nullable String name) {
        return (groupVersion.contains("/") ? "/apis/" : "/api/")
                + groupVersion
                + (namespaced && namespace != null ? "/namespaces/" + namespace : "")
                + "/"
                + plural
                + (name == null ? "" : "/" + name);
    }
}
