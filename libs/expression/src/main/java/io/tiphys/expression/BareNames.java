package io.tiphys.expression;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Variables whose name has no dots, such as {@code item} and {@code retries}: expr-lang knows the kinds of their values before it runs an
 * expression, so {@code item == 5} is an error if the item is a text. Checks once per combination of kinds.
 */
final class BareNames {
    private static final BareNames NONE = new BareNames(List.of());

    private final List<Node.Variable> variables;
    private volatile Type @Nullable [] checked;

    private BareNames(List<Node.Variable> variables) {
        this.variables = variables;
    }

    static BareNames among(List<Node.Variable> variables) {
        List<Node.Variable> bare = variables.stream()
                .filter(variable -> variable.path().size() == 1)
                .toList();
        return bare.isEmpty() ? NONE : new BareNames(bare);
    }

    /** Throws the ExprProblem of an operation that can't work with these values. */
    void check(Node root, int slots, Scope scope) {
        if (variables.isEmpty()) {
            return;
        }
        Type[] types = new Type[variables.size()];
        for (int i = 0; i < types.length; i++) {
            types[i] = typeOf(scope.get(variables.get(i).name()));
        }
        if (Arrays.equals(types, checked)) {
            return;
        }
        try {
            check(root, slots, types);
            checked = types;
        } catch (ExprProblem problem) {
            // names below may hide the value; looking for them takes long, so it is done only where it matters
            boolean hidden = false;
            for (int i = 0; i < types.length; i++) {
                if (!types[i].unknown()
                        && Variables.bare(scope, variables.get(i).name()) == null) {
                    types[i] = Type.UNKNOWN;
                    hidden = true;
                }
            }
            if (!hidden) {
                throw problem;
            }
            check(root, slots, types);
        }
    }

    private void check(Node root, int slots, Type[] types) {
        TypeCheck.check(root, slots, variable -> {
            int index = variables.indexOf(variable);
            return index < 0 ? Type.UNKNOWN : types[index];
        });
    }

    private static Type typeOf(@Nullable Object value) {
        return switch (value) {
            case String _ -> Type.STRING;
            case Boolean _ -> Type.BOOL;
            case Long _, Integer _ -> Type.INT;
            case Double _ -> Type.FLOAT;
            case null, default -> Type.UNKNOWN;
        };
    }
}
