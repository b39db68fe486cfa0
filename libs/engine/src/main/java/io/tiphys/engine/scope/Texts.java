package io.tiphys.engine.scope;

import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Rendering;
import io.tiphys.expression.Scope;

/** Renders a text whose references to steps and tasks must be there, while other unknown tags stay as they are. */
public final class Texts {
    private Texts() {}

    /** What became of it. */
    public sealed interface Outcome {
        record Text(String text) implements Outcome {}

        record Problem(String message) implements Outcome {}
    }

    public static Outcome render(CompiledText text, Scope scope) {
        if (text.isConstant()) {
            return new Outcome.Text(text.source());
        }
        return switch (text.render(scope)) {
            case Rendering.Rendered(var rendered) -> new Outcome.Text(rendered);
            case Rendering.Unresolved(var names, var rendered) -> {
                for (String name : names) {
                    if (isStrict(name)) {
                        yield new Outcome.Problem("failed to resolve {{" + name + "}}");
                    }
                }
                yield new Outcome.Text(rendered);
            }
            case Rendering.Failed(var message) -> new Outcome.Problem(message);
        };
    }

    /** The same, but whatever tag means nothing stays as it is. */
    static Outcome renderKnown(CompiledText text, Scope scope) {
        return switch (text.render(scope)) {
            case Rendering.Rendered(var rendered) -> new Outcome.Text(rendered);
            case Rendering.Unresolved(var _, var rendered) -> new Outcome.Text(rendered);
            case Rendering.Failed(var message) -> new Outcome.Problem(message);
        };
    }

    private static boolean isStrict(String name) {
        return name.startsWith("steps.")
                || name.startsWith("tasks.")
                || name.startsWith("steps[")
                || name.startsWith("tasks[");
    }
}
