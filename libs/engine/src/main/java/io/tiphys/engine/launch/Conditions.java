package io.tiphys.engine.launch;

import io.tiphys.api.NodePhase;
import io.tiphys.engine.Draft;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import io.tiphys.expression.When;
import org.jspecify.annotations.Nullable;

/** {@code when}: looked at before arguments are, so that a skipped step may refer to what isn't there. */
public final class Conditions {
    private Conditions() {}

    /** What a condition says. */
    public sealed interface Verdict {
        record Go() implements Verdict {}

        record Skip(String when) implements Verdict {}

        record Invalid(String message) implements Verdict {}
    }

    public static Verdict evaluate(@Nullable CompiledText when, Scope scope) {
        if (when == null) {
            return new Verdict.Go();
        }
        return switch (Texts.render(when, scope)) {
            case Texts.Outcome.Problem(var message) -> new Verdict.Invalid(message);
            case Texts.Outcome.Text(var text) ->
                switch (When.evaluate(text)) {
                    case When.Verdict.Decided(var run) -> run ? new Verdict.Go() : new Verdict.Skip(text);
                    case When.Verdict.Invalid(var message) -> new Verdict.Invalid(message);
                };
        };
    }

    /**
     * Launches the call unless its condition says otherwise.
     *
     * @return false if a node in error stands there because the condition makes no sense
     */
    public static boolean launch(Draft draft, Call call, Verdict verdict) {
        switch (verdict) {
            case Verdict.Go _ -> Launcher.launch(draft, call);
            case Verdict.Skip(var when) ->
                Launcher.addEnded(draft, call, NodePhase.SKIPPED, "when '" + when + "' evaluated false");
            case Verdict.Invalid(var message) -> {
                Launcher.addEnded(draft, call, NodePhase.ERROR, message);
                return false;
            }
        }
        return true;
    }
}
