package io.tiphys.engine;

import io.tiphys.api.Inputs;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.scope.InputsScope;
import io.tiphys.engine.scope.LastingScope;
import org.jspecify.annotations.Nullable;

/** Templates of nodes by the key that is kept of them. */
final class Templates {
    private Templates() {}

    /** @param structure what a record kept of it; null for none */
    static @Nullable CompiledTemplate of(
            Run run, @Nullable String key, @Nullable Inputs inputs, @Nullable String structure) {
        CompiledTemplate template = key == null ? null : run.definition().byKey(key);
        return template == null || structure == null
                ? of(run, key, inputs)
                : run.definition().filledAs(template, structure);
    }

    static @Nullable CompiledTemplate of(Run run, @Nullable String key, @Nullable Inputs inputs) {
        CompiledTemplate template = key == null ? null : run.definition().byKey(key);
        return template == null
                ? null
                : run.definition().filled(template, new LastingScope(new InputsScope(inputs, run.scope())));
    }
}
