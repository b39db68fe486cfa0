package io.tiphys.validation;

import io.tiphys.api.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * A template that is checked once.
 *
 * @param arguments the arguments that it is really run with, if it is the entrypoint or the exit handler of a workflow; else null
 * @param afterwards whether it runs only when the workflow has ended, so that {@code workflow.failures} is known
 */
record Visit(ResolvedTemplate resolved, @Nullable Arguments arguments, boolean afterwards) {}
