package io.tiphys.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists artifacts and transforms the list. */
@ArgoType
public record Data(@Nullable DataSource source, List<TransformationStep> transformation) implements DataBuilder.With {
    @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
    public Data {
        transformation = Frozen.list(transformation);
    }
}
