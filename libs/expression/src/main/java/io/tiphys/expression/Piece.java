package io.tiphys.expression;

import java.util.List;

/** A stretch of a text with tags. */
sealed interface Piece {

    /** Text that stands for itself. */
    record Literal(String text) implements Piece {}

    /** {@code {{name}}}; {@code raw} is what stands between the braces. */
    record Tag(String raw, String name) implements Piece {}

    /** A tag whose name has tags in it. */
    record Nested(List<Piece> parts) implements Piece {
        public Nested {
            parts = List.copyOf(parts);
        }
    }

    /** {@code {{=expression}}}; {@code raw} is what follows the equals sign. */
    record Expression(String raw, Expr.Compilation compilation) implements Piece {}
}
