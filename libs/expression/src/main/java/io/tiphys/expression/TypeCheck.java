package io.tiphys.expression;

import io.tiphys.expression.Type.Kind;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds operations that can't work whatever the variables hold, as expr-lang does before it runs anything: {@code 1 == "a"} is an error
 * even where it would never be evaluated. Nothing is known of variables with dotted names; what a bare name holds is asked.
 */
final class TypeCheck {
    private final Function<Node.Variable, Type> variables;
    private final Type[] locals;
    private @Nullable Loop loop;

    /** What a predicate sees. */
    private record Loop(@Nullable Loop outer, Node.LoopKind kind, Type element) {}

    private TypeCheck(int slots, Function<Node.Variable, Type> variables) {
        this.locals = new Type[slots];
        this.variables = variables;
    }

    /** Throws the ExprProblem of the first operation that can't work. */
    static void check(Node root, int slots, Function<Node.Variable, Type> variables) {
        new TypeCheck(slots, variables).visit(root);
    }

    private Type visit(Node node) {
        return switch (node) {
            case Node.Literal(var _, var value) -> literal(value);
            case Node.Variable variable -> variables.apply(variable);
            case Node.Local(var _, var slot) -> locals[slot];
            case Node.Pointer pointer -> pointer(pointer);
            case Node.Member member -> member(member);
            case Node.Chain(var _, var of) -> visit(of);
            case Node.Slice slice -> slice(slice);
            case Node.Unary unary -> unary(unary);
            case Node.And(var at, var left, var right) -> OperatorTypes.bool(at, "&&", visit(left), visit(right));
            case Node.Or(var at, var left, var right) -> OperatorTypes.bool(at, "||", visit(left), visit(right));
            case Node.Coalesce(var _, var left, var right) -> OperatorTypes.coalesce(visit(left), visit(right));
            case Node.Binary(var at, var operator, var left, var right) ->
                OperatorTypes.binary(at, operator, visit(left), visit(right));
            case Node.Matches(var at, var left, var _) ->
                OperatorTypes.binary(at, Operator.MATCHES, visit(left), Type.STRING);
            case Node.Conditional conditional -> conditional(conditional);
            case Node.Let(var _, var slot, var value, var body) -> {
                locals[slot] = visit(value);
                yield visit(body);
            }
            case Node.Sequence(var _, var parts) -> last(parts);
            case Node.Array(var _, var elements) -> array(elements);
            case Node.MapOf(var _, var keys, var values) -> {
                keys.forEach(this::visit);
                values.forEach(this::visit);
                yield Type.MAP;
            }
            case Node.Call call ->
                Signatures.check(
                        call, call.arguments().stream().map(this::visit).toList());
            case Node.UnknownCall(var _, var _, var arguments) -> {
                arguments.forEach(this::visit);
                yield Type.UNKNOWN;
            }
            case Node.MethodCall(var _, var of, var _, var arguments, var _) -> {
                visit(of);
                arguments.forEach(this::visit);
                yield Type.UNKNOWN;
            }
            case Node.Loop each -> loop(each);
        };
    }

    private static Type literal(@Nullable Object value) {
        return switch (value) {
            case null -> Type.NIL;
            case Boolean _ -> Type.BOOL;
            case Long _ -> Type.INT;
            case Double _ -> Type.FLOAT;
            case String _ -> Type.STRING;
            default -> Type.UNKNOWN;
        };
    }

    private Type pointer(Node.Pointer pointer) {
        Loop around = loop;
        if (around == null) {
            return Type.UNKNOWN;
        }
        String name = pointer.name();
        if (name == null) {
            return around.element();
        }
        boolean reduces = around.kind() == Node.LoopKind.REDUCE;
        if (name.equals("index") && (reduces || around.kind() == Node.LoopKind.MAP)) {
            return Type.INT;
        }
        if (name.equals("acc") && reduces) {
            return Type.UNKNOWN;
        }
        throw new ExprProblem("unknown pointer #" + name, pointer.at());
    }

    private Type member(Node.Member member) {
        Type of = visit(member.of());
        Type property = visit(member.property());
        String name = member.property() instanceof Node.Literal(var _, String text) ? text : null;
        return switch (of.kind()) {
            case UNKNOWN, TIME, DURATION, OTHER -> Type.UNKNOWN;
            case NIL -> {
                if (name != null) {
                    throw new ExprProblem("type nil has no field " + name, member.at());
                }
                throw new ExprProblem("type unknown[" + property + "] is undefined", member.at());
            }
            case MAP -> {
                if (!property.is(Kind.STRING) && !property.unknown()) {
                    throw new ExprProblem(
                            "cannot use " + property + " to get an element from " + of,
                            member.property().at());
                }
                yield Type.UNKNOWN;
            }
            case LIST -> {
                if (!property.is(Kind.INT) && !property.unknown()) {
                    throw new ExprProblem(
                            "array elements can only be selected using an integer (got " + property + ")",
                            member.property().at());
                }
                yield of.elementOrUnknown();
            }
            case BOOL, INT, FLOAT, STRING ->
                throw new ExprProblem(
                        name != null
                                ? "type " + of + " has no field " + name
                                : "type " + of + "[" + property + "] is undefined",
                        member.at());
        };
    }

    private Type slice(Node.Slice slice) {
        Type of = visit(slice.of());
        if (of.unknown()) {
            return of;
        }
        if (!of.is(Kind.STRING) && !of.is(Kind.LIST)) {
            throw new ExprProblem("cannot slice " + of, slice.at());
        }
        bound(slice.from());
        bound(slice.to());
        return of;
    }

    private void bound(@Nullable Node bound) {
        if (bound != null) {
            Type type = visit(bound);
            if (!type.is(Kind.INT) && !type.unknown()) {
                throw new ExprProblem("non-integer slice index " + type, bound.at());
            }
        }
    }

    private Type unary(Node.Unary unary) {
        Type of = visit(unary.of());
        boolean not = unary.operator().equals("not");
        if (of.unknown()) {
            return not ? Type.BOOL : of;
        }
        if (not ? of.is(Kind.BOOL) : of.number()) {
            return of;
        }
        throw new ExprProblem("invalid operation: " + unary.operator() + " (mismatched type " + of + ")", unary.at());
    }

    private Type conditional(Node.Conditional conditional) {
        Type condition = visit(conditional.condition());
        if (!condition.is(Kind.BOOL) && !condition.unknown()) {
            throw new ExprProblem(
                    "non-bool expression (type " + condition + ") used as condition",
                    conditional.condition().at());
        }
        return either(visit(conditional.then()), visit(conditional.otherwise()));
    }

    private static Type either(Type then, Type otherwise) {
        if (then.is(Kind.NIL)) {
            return otherwise;
        }
        if (otherwise.is(Kind.NIL) || then.equals(otherwise)) {
            return then;
        }
        return then.is(Kind.LIST) && otherwise.is(Kind.LIST) ? Type.LIST : Type.UNKNOWN;
    }

    private Type last(List<Node> parts) {
        Type last = Type.UNKNOWN;
        for (Node part : parts) {
            last = visit(part);
        }
        return last;
    }

    private Type array(List<Node> elements) {
        Type last = Type.UNKNOWN;
        boolean same = true;
        for (int i = 0; i < elements.size(); i++) {
            Type type = visit(elements.get(i));
            same &= i == 0 || type.kind() == last.kind();
            last = type;
        }
        return same ? Type.listOf(last) : Type.LIST;
    }

    private Type loop(Node.Loop each) {
        Type over = visit(each.over());
        if (!over.is(Kind.LIST) && !over.unknown()) {
            throw new ExprProblem(
                    "builtin " + each.kind().word + " takes only array (got " + over + ")",
                    each.over().at());
        }
        Type body = over.elementOrUnknown();
        if (each.body() != null) {
            loop = new Loop(loop, each.kind(), over.elementOrUnknown());
            body = visit(each.body());
            loop = loop.outer();
            predicate(each, body);
        }
        Type extra = each.extra() == null ? Type.UNKNOWN : visit(each.extra());
        return switch (each.kind()) {
            case ALL, NONE, ANY, ONE -> Type.BOOL;
            case FILTER, SORT_BY -> {
                if (each.kind() == Node.LoopKind.SORT_BY && !extra.unknown() && !extra.is(Kind.STRING)) {
                    throw new ExprProblem("sortBy order argument must be a string (got " + extra + ")", each.at());
                }
                yield over.unknown() ? Type.LIST : over;
            }
            case MAP -> Type.listOf(body);
            case COUNT, FIND_INDEX, FIND_LAST_INDEX -> Type.INT;
            case SUM, REDUCE -> body;
            case FIND, FIND_LAST -> over.elementOrUnknown();
            case GROUP_BY -> Type.UNKNOWN;
        };
    }

    private static void predicate(Node.Loop each, Type result) {
        switch (each.kind()) {
            case ALL, NONE, ANY, ONE, FILTER, COUNT, FIND, FIND_INDEX, FIND_LAST, FIND_LAST_INDEX -> {
                if (result.is(Kind.NIL)) {
                    throw new ExprProblem("predicate should has one input and one output param", each.at());
                }
                if (!result.unknown() && !result.is(Kind.BOOL)) {
                    throw new ExprProblem("predicate should return boolean (got " + result + ")", each.at());
                }
            }
            case MAP, SUM, GROUP_BY, SORT_BY, REDUCE -> {
                if (result.is(Kind.NIL)) {
                    throw new ExprProblem("predicate should has one input and one output param", each.at());
                }
            }
        }
    }
}
