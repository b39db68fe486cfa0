package io.tiphys.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP request and what counts as success. */
@ArgoType
public record HTTP(
        @Nullable String method,
        String url,
        List<HTTPHeader> headers,
        @Nullable Long timeoutSeconds,
        @Nullable String successCondition,
        @Nullable String body,
        @Nullable HTTPBodySource bodyFrom,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean insecureSkipVerify)
        implements HTTPBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public HTTP {
        url = url == null ? "" : url;
        headers = Frozen.list(headers);
    }
}
