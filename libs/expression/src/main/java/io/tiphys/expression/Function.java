package io.tiphys.expression;

import org.jspecify.annotations.Nullable;

/** A function that expressions can call. */
@FunctionalInterface
interface Function {
    /**
     * The result.
     *
     * @throws ExprProblem where the arguments are of the wrong number or kind
     */
    @Nullable
    Object apply(Arguments arguments);
}
