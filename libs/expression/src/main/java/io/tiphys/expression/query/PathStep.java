package io.tiphys.expression.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of a path, applied to each value that was found so far. */
sealed interface PathStep {

    /** A text or number that stands for itself. */
    record Constant(JsonNode value) implements PathStep {}

    record Field(String name) implements PathStep {}

    record Wildcard() implements PathStep {}

    /** The values and everything below them that has parts. */
    record Descent() implements PathStep {}

    /** {@code [from:to:step]}; {@code single}: {@code to} comes from an index alone. */
    record Elements(
            @Nullable Integer from,
            @Nullable Integer to,
            @Nullable Integer step,
            boolean single) implements PathStep {}

    record Union(List<List<PathStep>> alternatives) implements PathStep {}

    /** {@code [?(left operator right)]}; without an operator, what has a left is kept. */
    record Filter(List<PathStep> left, String operator, List<PathStep> right) implements PathStep {}

    enum Range implements PathStep {
        BEGIN,
        END
    }
}
