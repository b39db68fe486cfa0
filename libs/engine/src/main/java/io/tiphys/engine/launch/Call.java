package io.tiphys.engine.launch;

import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.Callee;
import io.tiphys.engine.definition.CompiledArguments;
import io.tiphys.expression.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Who calls which template, with what.
 *
 * @param parent the node to be named after; null for the entry
 * @param boundary the enclosing steps or dag node; null at the top
 * @param unit name of the step or task, for inline templates
 * @param onExit part of an exit handler
 */
public record Call(
        @Nullable Node parent,
        @Nullable Node boundary,
        Origin origin,
        Callee callee,
        String unit,
        CompiledArguments arguments,
        Scope scope,
        boolean onExit) {}
