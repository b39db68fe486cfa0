package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.Manifests;
import java.util.Locale;

/** How results are printed. */
enum Output {
    NAME,
    JSON,
    YAML,
    WIDE;

    /** An object in this form. */
    String show(JsonNode object) {
        return switch (this) {
            case NAME -> object.path("metadata").path("name").asText("");
            case JSON -> Json.pretty(object);
            case YAML -> Manifests.toYaml(object).stripTrailing();
            case WIDE -> throw new IllegalStateException("a table has its own form");
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
