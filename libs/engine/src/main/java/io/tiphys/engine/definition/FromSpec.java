package io.tiphys.engine.definition;

import io.tiphys.api.RetryStrategy;
import io.tiphys.api.WorkflowSpec;
import org.jspecify.annotations.Nullable;

/**
 * What templates have from the spec where they have none of their own.
 *
 * @param retryStrategy of each template
 * @param arguments of exit hooks
 */
record FromSpec(@Nullable RetryStrategy retryStrategy, CompiledArguments arguments) {
    static FromSpec of(WorkflowSpec spec) {
        return new FromSpec(spec.retryStrategy(), CompiledArguments.of(spec.arguments()));
    }
}
