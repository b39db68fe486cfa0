package io.tiphys.transfer;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an artifact is packed in object storage (Argo: {@code archive: {tar|none|zip}}). */
public enum Archive {
    /** A tar, gzipped. */
    @JsonProperty("tar")
    TAR,
    /** The file as it is; a directory becomes one object per file under the key. */
    @JsonProperty("none")
    NONE,
    @JsonProperty("zip")
    ZIP
}
