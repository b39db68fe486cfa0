package io.tiphys.engine.definition;

import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Rendering;
import io.tiphys.expression.Scope;

/** Texts whose tags are filled in as far as that is possible: what can't be stays as it is written. */
final class FilledText {
    private FilledText() {}

    static String of(CompiledText text, Scope scope) {
        return switch (text.render(scope)) {
            case Rendering.Rendered(var rendered) -> rendered;
            case Rendering.Unresolved(var _, var rendered) -> rendered;
            case Rendering.Failed _ -> text.source();
        };
    }
}
