package io.tiphys.expression;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text with {@code {{tags}}} and {@code {{=expressions}}}, compiled once and rendered many times. Immutable.
 *
 * <p>The rules are Argo's: white space around a simple name doesn't count; a tag may be part of another tag's name and is rendered first;
 * what has no value stays as it was written; values are not searched for tags again; a tag that is never closed is plain text. A string
 * that an expression yields goes into the text as it is, everything else as JSON.
 */
public final class CompiledText {
    private final String source;
    private final List<Piece> pieces;
    private final boolean json;
    private final boolean constant;

    CompiledText(String source, List<Piece> pieces, boolean json) {
        this.source = source;
        this.pieces = List.copyOf(pieces);
        this.json = json;
        this.constant = pieces.stream().allMatch(Piece.Literal.class::isInstance);
    }

    /** A plain text: values go in as they are. */
    public static CompiledText compile(String text) {
        return new CompiledText(text, TagParser.parse(text, false), false);
    }

    /**
     * A whole JSON document whose strings hold tags, as Argo renders marshalled templates: expressions are unescaped before they are read
     * and values are escaped when they go in, so the document stays well-formed.
     */
    public static CompiledText compileJson(String json) {
        return new CompiledText(json, TagParser.parse(json, true), true);
    }

    public String source() {
        return source;
    }

    /** Whether there is no tag at all. */
    public boolean isConstant() {
        return constant;
    }

    /**
     * The name if the text is exactly one simple tag, else null. Such a text is a <em>pure reference</em>: an argument that refers to an
     * {@linkplain Scope#ABSENT absent} output is then the same as no argument.
     */
    public @Nullable String pureReference() {
        return pieces.size() == 1 && pieces.getFirst() instanceof Piece.Tag(var _, var name) ? name : null;
    }

    /** The expression if the text is exactly one {@code {{=expression}}}, else null. */
    public @Nullable Expr pureExpression() {
        return pieces.size() == 1
                        && pieces.getFirst() instanceof Piece.Expression(var _, Expr.Compilation.Compiled(var expr))
                ? expr
                : null;
    }

    /** Everything that the text refers to, each once, in order; of a tag with a tag in its name only the inner one can be known. */
    public List<String> references() {
        Set<String> names = new LinkedHashSet<>();
        collect(pieces, names, true);
        return List.copyOf(names);
    }

    /** The names of simple tags only, each once, in order. */
    public List<String> tags() {
        Set<String> names = new LinkedHashSet<>();
        collect(pieces, names, false);
        return List.copyOf(names);
    }

    /** Messages of the expressions that don't compile. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece instanceof Piece.Expression(var _, Expr.Compilation.Invalid(var message))) {
                problems.add(message);
            }
        }
        return problems;
    }

    public Rendering render(Scope scope) {
        if (constant) {
            return new Rendering.Rendered(source);
        }
        Renderer renderer = new Renderer(scope, json);
        renderer.render(pieces);
        return renderer.result();
    }

    @Override
    public String toString() {
        return source;
    }

    private static void collect(List<Piece> pieces, Set<String> names, boolean withExpressions) {
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Literal _ -> {}
                case Piece.Tag(var _, var name) -> names.add(name);
                case Piece.Nested(var parts) -> collect(parts, names, withExpressions);
                case Piece.Expression(var _, var compilation) -> {
                    if (withExpressions && compilation instanceof Expr.Compilation.Compiled(var expr)) {
                        names.addAll(expr.references());
                    }
                }
            }
        }
    }
}
