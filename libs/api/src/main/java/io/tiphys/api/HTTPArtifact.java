package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A file behind a URL. */
@ArgoType
public record HTTPArtifact(
        String url,
        List<Header> headers,
        @Nullable HTTPAuth auth,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean saveStreamViaFile)
        implements HTTPArtifactBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public HTTPArtifact {
        url = url == null ? "" : url;
        headers = Frozen.list(headers);
    }
}
