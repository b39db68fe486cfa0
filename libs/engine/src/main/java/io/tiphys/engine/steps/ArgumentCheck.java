package io.tiphys.engine.steps;

import io.tiphys.engine.definition.CompiledArguments;
import io.tiphys.engine.scope.InputsResolver;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a step's arguments can be filled in, asked before the step has a node. */
final class ArgumentCheck {
    private ArgumentCheck() {}

    /** What can't be filled in, or null. A value that is nothing but an absent output is the callee's to judge. */
    static @Nullable String problem(CompiledArguments arguments, Scope scope) {
        for (CompiledArguments.ParameterArgument argument :
                arguments.parameters().values()) {
            CompiledText value = argument.value();
            if (value == null || value.isConstant()) {
                continue;
            }
            String reference = value.pureReference();
            boolean isAbsent = reference != null && scope.get(reference) instanceof Scope.Absent;
            if (!isAbsent && Texts.render(value, new Outline(scope)) instanceof Texts.Outcome.Problem(var message)) {
                return message;
            }
        }
        return InputsResolver.unresolvedArtifact(arguments, scope);
    }

    /** The scope with names that only the step's own node will have. */
    private record Outline(Scope scope) implements Scope {
        private static final Set<String> OF_NODE = Set.of("steps.name", "tasks.name", "node.name", "pod.name");

        @Override
        public @Nullable Object get(String name) {
            return OF_NODE.contains(name) ? "" : scope.get(name);
        }

        @Override
        public @Nullable Instant now() {
            return scope.now();
        }

        @Override
        public Collection<String> names() {
            return scope.names();
        }
    }
}
