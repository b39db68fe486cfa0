package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads what stands between operators: literals, variables, lists, maps, calls, and what is taken from them. */
final class OperandParser {
    /** Longer than the name of any variable; what follows is taken from its value. */
    private static final int MAX_PATH = 20;

    private static final int UNARY_NOT = 50;
    private static final int UNARY_SIGN = 90;
    private static final Set<String> LITERALS = Set.of("true", "false", "nil");

    private final ExprReader in;
    private final ExprParser expressions;
    private final CallParser calls;
    private final LocalVariables locals;

    OperandParser(ExprReader in, ExprParser expressions, CallParser calls, LocalVariables locals) {
        this.in = in;
        this.expressions = expressions;
        this.calls = calls;
        this.locals = locals;
    }

    Node primary() {
        Token token = in.current();
        if (token.kind() == Token.Kind.OPERATOR) {
            return operand(token);
        }
        if (token.isBracket("(")) {
            in.next();
            Node inner = expressions.sequence();
            in.expect(Token.Kind.BRACKET, ")");
            return postfix(inner);
        }
        return secondary(token);
    }

    /** An operand that begins with an operator. */
    private Node operand(Token token) {
        return switch (token.text()) {
            case "not", "!" -> {
                in.next();
                yield postfix(in.node(new Node.Unary(token.at(), "not", expressions.expression(UNARY_NOT))));
            }
            case "-", "+" -> {
                in.next();
                yield postfix(in.node(new Node.Unary(token.at(), token.text(), expressions.expression(UNARY_SIGN))));
            }
            case "#" -> {
                calls.requirePredicate();
                in.next();
                String name =
                        in.current().kind() == Token.Kind.IDENTIFIER ? in.next().text() : null;
                yield postfix(in.node(new Node.Pointer(token.at(), name)));
            }
            case "." -> {
                calls.requirePredicate();
                yield postfix(in.node(new Node.Pointer(token.at(), null)));
            }
            case "::" -> {
                in.next();
                yield postfix(calls.call(in.next(), null));
            }
            default -> throw in.unexpected();
        };
    }

    private Node secondary(Token token) {
        return switch (token.kind()) {
            case IDENTIFIER -> identifier(in.next());
            case NUMBER -> in.node(new Node.Literal(token.at(), number(in.next())));
            case STRING ->
                postfix(in.node(new Node.Literal(token.at(), in.next().text())));
            case BRACKET ->
                postfix(
                        switch (token.text()) {
                            case "[" -> array();
                            case "{" -> map();
                            default -> throw in.unexpected();
                        });
            case OPERATOR, END -> throw in.unexpected();
        };
    }

    private Node identifier(Token token) {
        if (LITERALS.contains(token.text())) {
            Object value =
                    token.text().equals("nil") ? null : (Object) token.text().equals("true");
            return in.node(new Node.Literal(token.at(), value));
        }
        if (in.current().isBracket("(")) {
            return postfix(calls.call(token, null));
        }
        int slot = locals.slot(token.text());
        return postfix(
                in.node(slot >= 0 ? new Node.Local(token.at(), slot) : new Node.Variable(token.at(), token.text())));
    }

    private static Object number(Token token) {
        String text = token.text().replace("_", "");
        String lower = text.toLowerCase(java.util.Locale.ROOT);
        try {
            if (lower.startsWith("0x")) {
                return Long.parseLong(lower.substring(2), 16);
            }
            if (lower.startsWith("0b")) {
                return Long.parseLong(lower.substring(2), 2);
            }
            if (lower.startsWith("0o")) {
                return Long.parseLong(lower.substring(2), 8);
            }
            if (lower.contains(".") || lower.contains("e")) {
                return Double.parseDouble(lower);
            }
            return Long.parseLong(lower);
        } catch (NumberFormatException e) {
            throw new ExprProblem("invalid number literal: \"" + token.text() + "\"", token.at());
        }
    }

    private Node array() {
        int at = in.next().at();
        List<Node> elements = new ArrayList<>();
        while (!in.current().isBracket("]")) {
            if (!elements.isEmpty()) {
                in.expect(Token.Kind.OPERATOR, ",");
                if (in.current().isBracket("]")) {
                    break;
                }
            }
            elements.add(expressions.expression(0));
        }
        in.expect(Token.Kind.BRACKET, "]");
        return in.node(new Node.Array(at, elements));
    }

    private Node map() {
        int at = in.next().at();
        List<Node> keys = new ArrayList<>();
        List<Node> values = new ArrayList<>();
        while (!in.current().isBracket("}")) {
            if (!keys.isEmpty()) {
                in.expect(Token.Kind.OPERATOR, ",");
                if (in.current().isBracket("}")) {
                    break;
                }
            }
            keys.add(mapKey());
            in.expect(Token.Kind.OPERATOR, ":");
            values.add(expressions.expression(0));
        }
        in.expect(Token.Kind.BRACKET, "}");
        return in.node(new Node.MapOf(at, keys, values));
    }

    private Node mapKey() {
        Token token = in.current();
        return switch (token.kind()) {
            case NUMBER, STRING, IDENTIFIER ->
                new Node.Literal(token.at(), in.next().text());
            case BRACKET -> {
                if (!token.isBracket("(")) {
                    throw in.unexpected();
                }
                yield expressions.expression(0);
            }
            case OPERATOR, END ->
                throw in.problem(
                        "a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token "
                                + token + ")");
        };
    }

    /** What is taken from an operand with dots and brackets. */
    Node postfix(Node first) {
        Node of = first;
        boolean chained = false;
        while (true) {
            Token token = in.current();
            boolean optional = token.isOperator("?.");
            if (optional || token.isOperator(".")) {
                in.next();
                if (optional && in.current().isBracket("[")) {
                    of = index(of, true);
                } else {
                    of = property(of, optional);
                }
                chained |= optional;
            } else if (token.isBracket("[")) {
                of = index(of, false);
            } else {
                return chained ? in.node(new Node.Chain(of.at(), of)) : of;
            }
        }
    }

    private Node property(Node of, boolean optional) {
        Token name = in.next();
        if (name.kind() != Token.Kind.IDENTIFIER) {
            throw new ExprProblem("expected name", name.at());
        }
        if (in.current().isBracket("(")) {
            if (of instanceof Node.Variable variable && variable.name().equals("sprig")) {
                return calls.call(new Token(Token.Kind.IDENTIFIER, "sprig." + name.text(), variable.at()), null);
            }
            List<Node> arguments = new ArrayList<>();
            calls.arguments(arguments);
            return in.node(new Node.MethodCall(name.at(), of, name.text(), List.copyOf(arguments), optional));
        }
        return member(name.at(), of, new Node.Literal(name.at(), name.text()), optional);
    }

    /** Where it fails is told of the name or of the bracket before it. */
    private Node member(int at, Node of, Node property, boolean optional) {
        if (!optional
                && of instanceof Node.Variable variable
                && variable.path().size() < MAX_PATH
                && property instanceof Node.Literal(var _, String name)) {
            List<String> path = new ArrayList<>(variable.path());
            path.add(name);
            List<Integer> places = new ArrayList<>(variable.places());
            places.add(at);
            return in.node(new Node.Variable(List.copyOf(path), List.copyOf(places), String.join(".", path)));
        }
        return in.node(new Node.Member(at, of, property, optional));
    }

    private Node index(Node of, boolean optional) {
        int at = in.next().at();
        Node from = in.current().isOperator(":") ? null : expressions.expression(0);
        if (in.current().isOperator(":")) {
            in.next();
            Node to = in.current().isBracket("]") ? null : expressions.expression(0);
            in.expect(Token.Kind.BRACKET, "]");
            return in.node(new Node.Slice(at, of, from, to));
        }
        in.expect(Token.Kind.BRACKET, "]");
        if (from == null) {
            throw in.unexpected();
        }
        return member(at, of, from, optional);
    }
}
