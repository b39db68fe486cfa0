package io.tiphys.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.tiphys.expression.Node.LoopKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads expressions: a Pratt parser whose precedences are expr-lang's. */
final class ExprParser {
    private static final int MAX_DEPTH = 250;
    private static final int MAX_NODES = 10_000;
    /** Longer than the name of any variable; what follows is taken from its value. */
    private static final int MAX_PATH = 20;

    private static final int UNARY_NOT = 50;
    private static final int UNARY_SIGN = 90;
    private static final Set<String> LITERALS = Set.of("true", "false", "nil");

    private final List<Token> tokens;
    private final List<String> locals = new ArrayList<>();
    private int position;
    private int depth;
    private int nodes;
    private int predicates;
    private int slots;

    private ExprParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /** The tree and how many slots its {@code let} variables need. */
    record Parsed(Node root, int slots) {}

    static Parsed parse(String source) {
        ExprParser parser = new ExprParser(ExprLexer.tokens(source));
        Node root = parser.sequence();
        if (parser.current().kind() != Token.Kind.END) {
            throw parser.unexpected();
        }
        return new Parsed(root, parser.slots);
    }

    private Token current() {
        return tokens.get(position);
    }

    private Token next() {
        Token token = tokens.get(position);
        if (position < tokens.size() - 1) {
            position++;
        }
        return token;
    }

    private ExprProblem unexpected() {
        return problem("unexpected token " + current());
    }

    private ExprProblem problem(String reason) {
        return new ExprProblem(reason, current().at());
    }

    private void expect(Token.Kind kind, String text) {
        if (!current().is(kind, text)) {
            throw unexpected();
        }
        next();
    }

    private <N extends Node> N node(N node) {
        if (++nodes > MAX_NODES) {
            throw problem("compilation failed: expression exceeds maximum allowed nodes");
        }
        return node;
    }

    private Node sequence() {
        List<Node> parts = new ArrayList<>();
        parts.add(expression(0));
        while (current().isOperator(";")) {
            next();
            if (current().kind() == Token.Kind.END) {
                break;
            }
            parts.add(expression(0));
        }
        return parts.size() == 1
                ? parts.getFirst()
                : node(new Node.Sequence(parts.getFirst().at(), parts));
    }

    private Node expression(int precedence) {
        if (++depth > MAX_DEPTH) {
            throw problem("the expression is nested more than " + MAX_DEPTH + " levels deep");
        }
        try {
            if (precedence == 0 && current().isOperator("let")) {
                return let();
            }
            if (precedence == 0 && current().isOperator("if")) {
                return conditionalIf();
            }
            Node left = operators(primary(), precedence);
            return precedence == 0 ? conditional(left) : left;
        } finally {
            depth--;
        }
    }

    private Node operators(Node first, int precedence) {
        Node left = first;
        boolean afterCoalesce = false;
        while (true) {
            Token token = current();
            boolean negated = token.isOperator("not");
            Operator operator = Operator.of(negated ? tokens.get(Math.min(position + 1, tokens.size() - 1)) : token);
            if (negated && (operator == null || !operator.mayBeNegated())) {
                next();
                throw unexpected();
            }
            if (operator == null || operator.precedence < precedence) {
                return left;
            }
            if (negated) {
                next();
            }
            Token symbol = next();
            if (operator == Operator.PIPE) {
                left = pipe(left);
            } else if (afterCoalesce && operator != Operator.COALESCE) {
                throw new ExprProblem(
                        "Operator (" + symbol.text()
                                + ") and coalesce expressions (??) cannot be mixed. Wrap either by parentheses.",
                        symbol.at());
            } else if (operator.isComparison()) {
                left = comparison(left, operator, symbol);
            } else {
                Node right = expression(operator == Operator.POWER ? operator.precedence : operator.precedence + 1);
                left = binary(symbol.at(), operator, left, right);
                left = negated ? node(new Node.Unary(symbol.at(), "not", left)) : left;
            }
            afterCoalesce = operator == Operator.COALESCE;
        }
    }

    private Node binary(int at, Operator operator, Node left, Node right) {
        return node(
                switch (operator) {
                    case AND -> new Node.And(at, left, right);
                    case OR -> new Node.Or(at, left, right);
                    case COALESCE -> new Node.Coalesce(at, left, right);
                    case MATCHES ->
                        right instanceof Node.Literal(var _, String pattern)
                                ? new Node.Matches(at, left, compile(pattern, right.at()))
                                : new Node.Binary(at, operator, left, right);
                    default -> new Node.Binary(at, operator, left, right);
                });
    }

    private static Pattern compile(String pattern, int at) {
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new ExprProblem("error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`", at);
        }
    }

    /** {@code a < b < c} is {@code a < b && b < c}. */
    private Node comparison(Node first, Operator firstOperator, Token firstSymbol) {
        Node left = first;
        Operator operator = firstOperator;
        Token symbol = firstSymbol;
        Node all = null;
        while (true) {
            Node right = expression(operator.precedence + 1);
            Node compared = node(new Node.Binary(symbol.at(), operator, left, right));
            all = all == null ? compared : node(new Node.And(symbol.at(), all, compared));
            Operator following = Operator.of(current());
            if (following == null || !following.isComparison()) {
                return all;
            }
            symbol = next();
            operator = following;
            left = right;
        }
    }

    private Node pipe(Node left) {
        Token name = next();
        if (name.kind() != Token.Kind.IDENTIFIER) {
            throw new ExprProblem("unexpected token " + name, name.at());
        }
        Node piped =
                name.text().equals("sprig") && current().isOperator(".") ? sprigPipe(name, left) : call(name, left);
        return postfix(piped);
    }

    private Node sprigPipe(Token sprig, Node left) {
        next();
        Token function = next();
        return call(new Token(function.kind(), "sprig." + function.text(), sprig.at()), left);
    }

    private Node let() {
        next();
        Token name = next();
        if (name.kind() != Token.Kind.IDENTIFIER) {
            throw new ExprProblem("unexpected token " + name, name.at());
        }
        expect(Token.Kind.OPERATOR, "=");
        Node value = expression(0);
        expect(Token.Kind.OPERATOR, ";");
        if (locals.contains(name.text())) {
            throw new ExprProblem("cannot redeclare variable " + name.text(), name.at());
        }
        if (Functions.named(name.text()) != null || LoopKind.of(name.text()) != null) {
            throw new ExprProblem("cannot redeclare builtin " + name.text(), name.at());
        }
        int slot = locals.size();
        locals.add(name.text());
        slots = Math.max(slots, locals.size());
        Node body = sequence();
        locals.removeLast();
        return node(new Node.Let(name.at(), slot, value, body));
    }

    private Node conditionalIf() {
        int at = next().at();
        Node condition = expression(0);
        Node then = block();
        expect(Token.Kind.OPERATOR, "else");
        Node otherwise = current().isOperator("if") ? expression(0) : block();
        return node(new Node.Conditional(at, condition, then, otherwise));
    }

    private Node block() {
        expect(Token.Kind.BRACKET, "{");
        Node body = sequence();
        expect(Token.Kind.BRACKET, "}");
        return body;
    }

    private Node conditional(Node first) {
        Node condition = first;
        while (current().isOperator("?")) {
            int at = next().at();
            Node then = condition;
            if (!current().isOperator(":")) {
                then = expression(0);
            }
            expect(Token.Kind.OPERATOR, ":");
            condition = node(new Node.Conditional(at, condition, then, expression(0)));
        }
        return condition;
    }

    private Node primary() {
        Token token = current();
        if (token.kind() == Token.Kind.OPERATOR) {
            return operand(token);
        }
        if (token.isBracket("(")) {
            next();
            Node inner = sequence();
            expect(Token.Kind.BRACKET, ")");
            return postfix(inner);
        }
        return secondary(token);
    }

    /** An operand that begins with an operator. */
    private Node operand(Token token) {
        return switch (token.text()) {
            case "not", "!" -> {
                next();
                yield postfix(node(new Node.Unary(token.at(), "not", expression(UNARY_NOT))));
            }
            case "-", "+" -> {
                next();
                yield postfix(node(new Node.Unary(token.at(), token.text(), expression(UNARY_SIGN))));
            }
            case "#" -> {
                requirePredicate();
                next();
                String name = current().kind() == Token.Kind.IDENTIFIER ? next().text() : null;
                yield postfix(node(new Node.Pointer(token.at(), name)));
            }
            case "." -> {
                requirePredicate();
                yield postfix(node(new Node.Pointer(token.at(), null)));
            }
            case "::" -> {
                next();
                yield postfix(call(next(), null));
            }
            default -> throw unexpected();
        };
    }

    private void requirePredicate() {
        if (predicates == 0) {
            throw unexpected();
        }
    }

    private Node secondary(Token token) {
        return switch (token.kind()) {
            case IDENTIFIER -> identifier(next());
            case NUMBER -> node(new Node.Literal(token.at(), number(next())));
            case STRING -> postfix(node(new Node.Literal(token.at(), next().text())));
            case BRACKET ->
                postfix(
                        switch (token.text()) {
                            case "[" -> array();
                            case "{" -> map();
                            default -> throw unexpected();
                        });
            case OPERATOR, END -> throw unexpected();
        };
    }

    private Node identifier(Token token) {
        if (LITERALS.contains(token.text())) {
            Object value =
                    token.text().equals("nil") ? null : (Object) token.text().equals("true");
            return node(new Node.Literal(token.at(), value));
        }
        if (current().isBracket("(")) {
            return postfix(call(token, null));
        }
        int slot = locals.lastIndexOf(token.text());
        return postfix(node(
                slot >= 0
                        ? new Node.Local(token.at(), slot)
                        : new Node.Variable(token.at(), List.of(token.text()), token.text())));
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
        int at = next().at();
        List<Node> elements = new ArrayList<>();
        while (!current().isBracket("]")) {
            if (!elements.isEmpty()) {
                expect(Token.Kind.OPERATOR, ",");
                if (current().isBracket("]")) {
                    break;
                }
            }
            elements.add(expression(0));
        }
        expect(Token.Kind.BRACKET, "]");
        return node(new Node.Array(at, elements));
    }

    private Node map() {
        int at = next().at();
        List<Node> keys = new ArrayList<>();
        List<Node> values = new ArrayList<>();
        while (!current().isBracket("}")) {
            if (!keys.isEmpty()) {
                expect(Token.Kind.OPERATOR, ",");
                if (current().isBracket("}")) {
                    break;
                }
            }
            keys.add(mapKey());
            expect(Token.Kind.OPERATOR, ":");
            values.add(expression(0));
        }
        expect(Token.Kind.BRACKET, "}");
        return node(new Node.MapOf(at, keys, values));
    }

    private Node mapKey() {
        Token token = current();
        return switch (token.kind()) {
            case NUMBER, STRING, IDENTIFIER -> new Node.Literal(token.at(), next().text());
            case BRACKET -> {
                if (!token.isBracket("(")) {
                    throw unexpected();
                }
                yield expression(0);
            }
            case OPERATOR, END ->
                throw problem(
                        "a map key must be a quoted string, a number, a identifier, or an expression enclosed in parentheses (unexpected token "
                                + token + ")");
        };
    }

    /** A call by name; {@code piped} is the first argument of a pipe, else null. */
    private Node call(Token name, @Nullable Node piped) {
        LoopKind loop = LoopKind.of(name.text());
        if (loop != null) {
            return loop(name, loop, piped);
        }
        List<Node> arguments = new ArrayList<>();
        if (piped != null) {
            arguments.add(piped);
        }
        arguments(arguments);
        Function function = Functions.named(name.text());
        return node(
                function != null
                        ? new Node.Call(name.at(), name.text(), function, List.copyOf(arguments))
                        : new Node.UnknownCall(name.at(), name.text(), List.copyOf(arguments)));
    }

    private void arguments(List<Node> arguments) {
        int given = arguments.size();
        expect(Token.Kind.BRACKET, "(");
        while (!current().isBracket(")")) {
            if (arguments.size() > given) {
                expect(Token.Kind.OPERATOR, ",");
                if (current().isBracket(")")) {
                    break;
                }
            }
            arguments.add(expression(0));
        }
        expect(Token.Kind.BRACKET, ")");
    }

    private Node loop(Token name, LoopKind kind, @Nullable Node piped) {
        expect(Token.Kind.BRACKET, "(");
        Node over = piped;
        if (over == null) {
            over = expression(0);
        }
        Node body = null;
        if (piped != null ? !current().isBracket(")") : !current().isBracket(")") && comma()) {
            body = predicate();
        } else if (!kind.bodyOptional()) {
            throw problem("expected at least " + (piped == null ? 2 : 1) + " arguments");
        }
        Node extra = null;
        if (kind.takesExtra()
                && !current().isBracket(")")
                && comma()
                && !current().isBracket(")")) {
            extra = expression(0);
        }
        if (current().isOperator(",")) {
            next();
        }
        expect(Token.Kind.BRACKET, ")");
        return node(new Node.Loop(name.at(), kind, over, body, extra));
    }

    private boolean comma() {
        expect(Token.Kind.OPERATOR, ",");
        return true;
    }

    private Node predicate() {
        boolean braces = current().isBracket("{");
        if (braces) {
            next();
        }
        predicates++;
        Node body = braces ? sequence() : expression(0);
        if (!braces && current().isOperator(";")) {
            throw problem("wrap predicate with brackets { and }");
        }
        predicates--;
        if (braces) {
            expect(Token.Kind.BRACKET, "}");
        }
        return body;
    }

    private Node postfix(Node first) {
        Node of = first;
        boolean chained = false;
        while (true) {
            Token token = current();
            boolean optional = token.isOperator("?.");
            if (optional || token.isOperator(".")) {
                next();
                if (optional && current().isBracket("[")) {
                    of = index(of, true);
                } else {
                    of = property(of, optional);
                }
                chained |= optional;
            } else if (token.isBracket("[")) {
                of = index(of, false);
            } else {
                return chained ? node(new Node.Chain(of.at(), of)) : of;
            }
        }
    }

    private Node property(Node of, boolean optional) {
        Token name = next();
        if (name.kind() != Token.Kind.IDENTIFIER) {
            throw new ExprProblem("expected name", name.at());
        }
        if (current().isBracket("(")) {
            if (of instanceof Node.Variable(int at, var _, var variable) && variable.equals("sprig")) {
                return call(new Token(Token.Kind.IDENTIFIER, "sprig." + name.text(), at), null);
            }
            List<Node> arguments = new ArrayList<>();
            arguments(arguments);
            return node(new Node.MethodCall(name.at(), of, name.text(), List.copyOf(arguments), optional));
        }
        return member(of, new Node.Literal(name.at(), name.text()), optional);
    }

    private Node member(Node of, Node property, boolean optional) {
        if (!optional
                && of instanceof Node.Variable variable
                && variable.path().size() < MAX_PATH
                && property instanceof Node.Literal(var _, String name)) {
            List<String> path = new ArrayList<>(variable.path());
            path.add(name);
            return node(new Node.Variable(variable.at(), List.copyOf(path), String.join(".", path)));
        }
        return node(new Node.Member(property.at(), of, property, optional));
    }

    private Node index(Node of, boolean optional) {
        int at = next().at();
        Node from = current().isOperator(":") ? null : expression(0);
        if (current().isOperator(":")) {
            next();
            Node to = current().isBracket("]") ? null : expression(0);
            expect(Token.Kind.BRACKET, "]");
            return node(new Node.Slice(at, of, from, to));
        }
        expect(Token.Kind.BRACKET, "]");
        if (from == null) {
            throw unexpected();
        }
        return member(of, from, optional);
    }
}
