package io.tiphys.expression;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One evaluation of one expression. */
final class Evaluator {
    private final Scope scope;
    private final @Nullable Object[] locals;
    private final Budget budget = new Budget();
    private @Nullable Frame frame;

    /** What a predicate sees of the loop around it. */
    static final class Frame {
        final @Nullable Frame outer;

        @Nullable
        Object element;

        @Nullable
        Object accumulator;

        long index;

        Frame(@Nullable Frame outer) {
            this.outer = outer;
        }
    }

    Evaluator(Scope scope, int slots) {
        this.scope = scope;
        this.locals = new @Nullable Object[slots];
    }

    Budget budget() {
        return budget;
    }

    Frame enter() {
        Frame inner = new Frame(frame);
        frame = inner;
        return inner;
    }

    void leave(Frame inner) {
        frame = inner.outer;
    }

    @Nullable
    Object evaluate(Node node) {
        budget.step();
        try {
            return switch (node) {
                case Node.Literal(var _, var value) -> value;
                case Node.Variable variable -> Variables.value(scope, variable);
                case Node.Local(var _, var slot) -> locals[slot];
                case Node.Pointer(var _, var name) -> pointer(name);
                case Node.Member member -> member(member);
                case Node.Chain(var _, var of) -> chain(of);
                case Node.Slice(var _, var of, var from, var to) -> slice(evaluate(of), from, to);
                case Node.Unary(var _, var operator, var of) -> unary(operator, evaluate(of));
                case Node.And(var _, var left, var right) -> connected(left, right, true);
                case Node.Or(var _, var left, var right) -> connected(left, right, false);
                case Node.Coalesce(var _, var left, var right) -> {
                    Object value = evaluate(left);
                    yield value != null ? value : evaluate(right);
                }
                case Node.Binary(var _, var operator, var left, var right) -> {
                    Object first = evaluate(left);
                    yield binary(operator, first, evaluate(right));
                }
                case Node.Matches(var _, var left, var pattern) -> {
                    Object text = evaluate(left);
                    yield text != null
                            && budget.matcher(pattern, Values.string(text)).find();
                }
                case Node.Conditional(var _, var condition, var then, var otherwise) ->
                    evaluate(bool(condition) ? then : otherwise);
                case Node.Let(var _, var slot, var value, var body) -> {
                    locals[slot] = evaluate(value);
                    yield evaluate(body);
                }
                case Node.Sequence(var _, var parts) -> {
                    for (int i = 0; i < parts.size() - 1; i++) {
                        evaluate(parts.get(i));
                    }
                    yield evaluate(parts.getLast());
                }
                case Node.Array(var _, var elements) -> {
                    budget.elements(elements.size());
                    List<@Nullable Object> list = new ArrayList<>(elements.size());
                    for (Node element : elements) {
                        list.add(evaluate(element));
                    }
                    yield list;
                }
                case Node.MapOf(var _, var keys, var values) -> {
                    budget.elements(keys.size());
                    Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
                    for (int i = 0; i < keys.size(); i++) {
                        if (!(evaluate(keys.get(i)) instanceof String key)) {
                            throw new ExprProblem("the key of a map must be a string");
                        }
                        Object value = evaluate(values.get(i));
                        map.putIfAbsent(key, value);
                    }
                    yield map;
                }
                case Node.Call(var _, var name, var function, var arguments) ->
                    function.apply(new Arguments(name, each(arguments), budget, scope));
                case Node.UnknownCall(var _, var name, var _) -> throw new ExprProblem("unknown name " + name);
                case Node.MethodCall(var _, var of, var method, var arguments, var optional) -> {
                    Object value = evaluate(of);
                    if (value == null && optional) {
                        throw new NilInChain();
                    }
                    Arguments given = new Arguments(method, each(arguments), budget, scope);
                    yield value instanceof SemanticVersion version
                            ? version.method(method, given)
                            : TimeFunctions.method(value, method, given);
                }
                case Node.Loop loop -> new Loops(this).run(loop);
            };
        } catch (ExprProblem problem) {
            throw problem.hasPlace() ? problem : problem.in(node.at());
        } catch (ArithmeticException e) {
            throw new ExprProblem("integer overflow or division by zero", node.at());
        }
    }

    /** Leaves a chain of members at its {@code ?.}. */
    private static final class NilInChain extends RuntimeException {
        NilInChain() {
            super("nil in a chain", null, false, false);
        }
    }

    private @Nullable Object chain(Node of) {
        try {
            return evaluate(of);
        } catch (NilInChain nil) {
            return null;
        }
    }

    private @Nullable Object[] each(List<Node> arguments) {
        @Nullable Object[] values = new @Nullable Object[arguments.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = evaluate(arguments.get(i));
        }
        return values;
    }

    /**
     * {@code &&} goes on while it is true, {@code ||} while it is false. The right side's value is the result, whatever it is; where one
     * side is a literal, expr-lang's optimizer doesn't look at the other.
     */
    private @Nullable Object connected(Node left, Node right, boolean goesOn) {
        if (right instanceof Node.Literal(var _, Boolean known)) {
            return known == goesOn ? evaluate(left) : known;
        }
        return bool(left) == goesOn ? evaluate(right) : (Object) !goesOn;
    }

    boolean bool(Node node) {
        Object value = evaluate(node);
        if (value instanceof Boolean bool) {
            return bool;
        }
        throw new ExprProblem("non-bool expression (type " + Values.typeName(value) + ") used as condition", node.at());
    }

    private @Nullable Object pointer(@Nullable String name) {
        Frame loop = frame;
        if (loop == null) {
            throw new ExprProblem("cannot use pointer accessor outside predicate");
        }
        return switch (name) {
            case null -> loop.element;
            case "acc" -> loop.accumulator;
            case "index" -> loop.index;
            default -> throw new ExprProblem("unknown pointer #" + name);
        };
    }

    private @Nullable Object member(Node.Member member) {
        Object of = evaluate(member.of());
        if (of == null && member.optional()) {
            throw new NilInChain();
        }
        return Values.fetch(of, evaluate(member.property()));
    }

    private Object slice(@Nullable Object of, @Nullable Node from, @Nullable Node to) {
        return switch (of) {
            case String text -> {
                int end = to == null ? text.length() : bound(evaluate(to), text.length());
                int start = from == null ? 0 : bound(evaluate(from), text.length());
                yield text.substring(Math.min(start, end), end);
            }
            case List<?> list -> {
                int end = to == null ? list.size() : bound(evaluate(to), list.size());
                int start = from == null ? 0 : bound(evaluate(from), list.size());
                yield list.subList(Math.min(start, end), end);
            }
            case null, default -> throw new ExprProblem("cannot slice " + Values.typeName(of));
        };
    }

    private static int bound(@Nullable Object index, int length) {
        long at = Values.integer(index);
        return Math.clamp(at < 0 ? length + at : at, 0, length);
    }

    private static @Nullable Object unary(String operator, @Nullable Object value) {
        if (operator.equals("not")) {
            if (value instanceof Boolean bool) {
                return !bool;
            }
            throw new ExprProblem("invalid operation: ! (mismatched type " + Values.typeName(value) + ")");
        }
        boolean negative = operator.equals("-");
        return switch (value) {
            case Long number -> negative ? -number : number;
            case Double number -> negative ? -number : number;
            case Duration duration -> negative ? duration.negated() : duration;
            case null, default ->
                throw new ExprProblem("invalid operation: " + operator + " " + Values.typeName(value));
        };
    }

    private @Nullable Object binary(Operator operator, @Nullable Object left, @Nullable Object right) {
        return switch (operator) {
            case EQUAL -> Values.equal(left, right);
            case NOT_EQUAL -> !Values.equal(left, right);
            case LESS -> Values.compare(left, right, "<") < 0;
            case LESS_OR_EQUAL -> Values.compare(left, right, "<=") <= 0;
            case MORE -> Values.compare(left, right, ">") > 0;
            case MORE_OR_EQUAL -> Values.compare(left, right, ">=") >= 0;
            case IN -> Values.in(left, right);
            case MATCHES ->
                left != null
                        && right != null
                        && budget.matcher(Values.string(right), Values.string(left))
                                .find();
            case CONTAINS ->
                left != null && right != null && Values.string(left).contains(Values.string(right));
            case STARTS_WITH ->
                left != null && right != null && Values.string(left).startsWith(Values.string(right));
            case ENDS_WITH ->
                left != null && right != null && Values.string(left).endsWith(Values.string(right));
            case RANGE -> range(Values.integer(left), Values.integer(right));
            case PLUS -> plus(left, right);
            case MINUS -> minus(left, right);
            case TIMES, DIVIDE, MODULO, POWER -> Values.arithmetic(operator, left, right);
            case AND, OR, COALESCE, PIPE -> throw new IllegalStateException(operator + " has a node of its own");
        };
    }

    private Object plus(@Nullable Object left, @Nullable Object right) {
        if (left instanceof String first && right instanceof String second) {
            budget.characters((long) first.length() + second.length());
            return first + second;
        }
        if (left instanceof ZonedDateTime time && right instanceof Duration duration) {
            return time.plus(duration);
        }
        if (left instanceof Duration duration && right instanceof ZonedDateTime time) {
            return time.plus(duration);
        }
        if (left instanceof Duration first && right instanceof Duration second) {
            return first.plus(second);
        }
        return Values.arithmetic(Operator.PLUS, left, right);
    }

    private static Object minus(@Nullable Object left, @Nullable Object right) {
        if (left instanceof ZonedDateTime first && right instanceof ZonedDateTime second) {
            return Duration.between(second, first);
        }
        if (left instanceof ZonedDateTime time && right instanceof Duration duration) {
            return time.minus(duration);
        }
        if (left instanceof Duration first && right instanceof Duration second) {
            return first.minus(second);
        }
        return Values.arithmetic(Operator.MINUS, left, right);
    }

    private List<Object> range(long from, long to) {
        long size = to < from ? 0 : Math.addExact(Math.subtractExact(to, from), 1);
        budget.elements(size);
        return new NumberRange(from, (int) size);
    }
}
