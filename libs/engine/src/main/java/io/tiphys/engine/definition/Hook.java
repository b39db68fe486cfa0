package io.tiphys.engine.definition;

import io.tiphys.api.Arguments;
import io.tiphys.api.LifecycleHook;
import io.tiphys.expression.Expr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A lifecycle hook of a workflow, step or task.
 *
 * @param name {@code exit} for the exit handler, which needs no expression
 * @param problem why the expression doesn't compile
 */
public record Hook(
        String name,
        Callee callee,
        CompiledArguments arguments,
        @Nullable Expr expression,
        @Nullable String problem) {
    public static final String EXIT = "exit";

    public boolean isExit() {
        return name.equals(EXIT);
    }

    /**
     * Hooks in order of their names, since the manifest's map has no order. {@code onExit} is the exit hook's old form, which Argo prefers
     * where both are given.
     */
    static List<Hook> of(Map<String, LifecycleHook> hooks, @Nullable String onExit, CompiledArguments exitArguments) {
        List<Hook> compiled = new ArrayList<>();
        Map<String, LifecycleHook> byName = new TreeMap<>(hooks);
        String oldForm = onExit == null ? "" : onExit;
        if (!oldForm.isEmpty()) {
            byName.remove(EXIT);
        }
        byName.forEach((name, hook) -> compiled.add(of(name, hook, exitArguments)));
        if (!oldForm.isEmpty()) {
            compiled.add(new Hook(EXIT, Callee.ofTemplate(oldForm), exitArguments, null, null));
        }
        return List.copyOf(compiled);
    }

    /** Argo: an exit hook without arguments gets those of the workflow. */
    private static Hook of(String name, LifecycleHook hook, CompiledArguments exitArguments) {
        Expr expression = null;
        String problem = null;
        if (hook.expression() != null && !hook.expression().isBlank()) {
            switch (Expr.compile(hook.expression())) {
                case Expr.Compilation.Compiled(var compiled) -> expression = compiled;
                case Expr.Compilation.Invalid(var message) -> problem = message;
            }
        } else if (!name.equals(EXIT)) {
            problem = "Expression required for hook " + name;
        }
        Arguments own = hook.arguments();
        boolean inherits = name.equals(EXIT)
                && own.parameters().isEmpty()
                && own.artifacts().isEmpty();
        CompiledArguments arguments = inherits ? exitArguments : CompiledArguments.of(own);
        return new Hook(name, Callee.of(hook), arguments, expression, problem);
    }
}
