package io.tiphys.expression;

import com.google.re2j.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A node of a compiled expression; {@code at} is its offset in the source. */
sealed interface Node {
    int at();

    record Literal(int at, @Nullable Object value) implements Node {}

    /**
     * A variable of the scope, as many dotted parts of it as are known: {@code inputs.parameters['x']}.
     *
     * @param places where each part of the path stands
     */
    record Variable(List<String> path, List<Integer> places, String name) implements Node {
        Variable(int at, String name) {
            this(List.of(name), List.of(at), name);
        }

        @Override
        public int at() {
            return places.getFirst();
        }
    }

    /** A {@code let} variable, by its slot. */
    record Local(int at, int slot) implements Node {}

    /** {@code #} (null), {@code #acc} or {@code #index} of the innermost predicate. */
    record Pointer(int at, @Nullable String name) implements Node {}

    record Member(int at, Node of, Node property, boolean optional) implements Node {}

    /** The end of a chain of members: where {@code ?.} meets nil, the whole chain is nil. */
    record Chain(int at, Node of) implements Node {}

    record Slice(
            int at, Node of, @Nullable Node from, @Nullable Node to) implements Node {}

    record Unary(int at, String operator, Node of) implements Node {}

    record And(int at, Node left, Node right) implements Node {}

    record Or(int at, Node left, Node right) implements Node {}

    record Coalesce(int at, Node left, Node right) implements Node {}

    record Binary(int at, Operator operator, Node left, Node right) implements Node {}

    /** {@code matches} with a pattern known beforehand. */
    record Matches(int at, Node left, Pattern pattern) implements Node {}

    record Conditional(int at, Node condition, Node then, Node otherwise) implements Node {}

    record Let(int at, int slot, Node value, Node body) implements Node {}

    record Sequence(int at, List<Node> parts) implements Node {}

    record Array(int at, List<Node> elements) implements Node {}

    record MapOf(int at, List<Node> keys, List<Node> values) implements Node {}

    /** A function called by its name. */
    record Call(int at, String name, Function function, List<Node> arguments) implements Node {}

    /** A name that is called but known to nobody here. */
    record UnknownCall(int at, String name, List<Node> arguments) implements Node {}

    /** A method of a value, such as {@code now().Unix()}. */
    record MethodCall(int at, Node of, String method, List<Node> arguments, boolean optional) implements Node {}

    /** {@code map}, {@code filter}, … over the elements of a list. */
    record Loop(
            int at,
            LoopKind kind,
            Node over,
            @Nullable Node body,
            @Nullable Node extra) implements Node {}

    /** A built-in with a predicate. */
    enum LoopKind {
        ALL("all"),
        NONE("none"),
        ANY("any"),
        ONE("one"),
        FILTER("filter"),
        MAP("map"),
        COUNT("count"),
        SUM("sum"),
        FIND("find"),
        FIND_INDEX("findIndex"),
        FIND_LAST("findLast"),
        FIND_LAST_INDEX("findLastIndex"),
        GROUP_BY("groupBy"),
        SORT_BY("sortBy"),
        REDUCE("reduce");

        final String word;

        LoopKind(String word) {
            this.word = word;
        }

        static @Nullable LoopKind of(String word) {
            for (LoopKind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            return null;
        }

        boolean bodyOptional() {
            return this == COUNT || this == SUM;
        }

        boolean takesExtra() {
            return this == SORT_BY || this == REDUCE;
        }
    }
}
