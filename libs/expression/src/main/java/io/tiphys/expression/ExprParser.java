package io.tiphys.expression;

import io.tiphys.expression.Node.LoopKind;
import java.util.ArrayList;
import java.util.List;

/** Reads expressions: a Pratt parser whose precedences are expr-lang's. {@link OperandParser} reads what it has between operators. */
final class ExprParser {
    private static final int MAX_DEPTH = 250;

    private final ExprReader in;
    private final LocalVariables locals = new LocalVariables();
    private final CallParser calls;
    private final OperandParser operands;
    private int depth;

    private ExprParser(ExprReader in) {
        this.in = in;
        this.calls = new CallParser(in, this);
        this.operands = new OperandParser(in, this, calls, locals);
    }

    /** The tree and how many slots its {@code let} variables need. */
    record Parsed(Node root, int slots) {}

    static Parsed parse(String source) {
        ExprReader in = new ExprReader(ExprLexer.tokens(source));
        ExprParser parser = new ExprParser(in);
        Node root = parser.sequence();
        if (in.current().kind() != Token.Kind.END) {
            throw in.unexpected();
        }
        return new Parsed(root, parser.locals.slots());
    }

    Node sequence() {
        List<Node> parts = new ArrayList<>();
        parts.add(expression(0));
        while (in.current().isOperator(";")) {
            in.next();
            if (in.current().kind() == Token.Kind.END) {
                break;
            }
            parts.add(expression(0));
        }
        return parts.size() == 1
                ? parts.getFirst()
                : in.node(new Node.Sequence(parts.getFirst().at(), parts));
    }

    Node expression(int precedence) {
        if (++depth > MAX_DEPTH) {
            throw in.problem("the expression is nested more than " + MAX_DEPTH + " levels deep");
        }
        try {
            if (precedence == 0 && in.current().isOperator("let")) {
                return let();
            }
            if (precedence == 0 && in.current().isOperator("if")) {
                return conditionalIf();
            }
            Node left = operators(operands.primary(), precedence);
            return precedence == 0 ? conditional(left) : left;
        } finally {
            depth--;
        }
    }

    private Node operators(Node first, int precedence) {
        Node left = first;
        boolean afterCoalesce = false;
        while (true) {
            Token token = in.current();
            boolean negated = token.isOperator("not");
            Operator operator = Operator.of(negated ? in.following() : token);
            if (negated && (operator == null || !operator.mayBeNegated())) {
                in.next();
                throw in.unexpected();
            }
            if (operator == null || operator.precedence < precedence) {
                return left;
            }
            if (negated) {
                in.next();
            }
            Token symbol = in.next();
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
                left = negated ? in.node(new Node.Unary(symbol.at(), "not", left)) : left;
            }
            afterCoalesce = operator == Operator.COALESCE;
        }
    }

    private Node binary(int at, Operator operator, Node left, Node right) {
        return in.node(
                switch (operator) {
                    case AND -> new Node.And(at, left, right);
                    case OR -> new Node.Or(at, left, right);
                    case COALESCE -> new Node.Coalesce(at, left, right);
                    case MATCHES ->
                        right instanceof Node.Literal(var _, String pattern)
                                ? new Node.Matches(at, left, Patterns.compile(pattern, right.at()))
                                : new Node.Binary(at, operator, left, right);
                    default -> new Node.Binary(at, operator, left, right);
                });
    }

    /** {@code a < b < c} is {@code a < b && b < c}. */
    private Node comparison(Node first, Operator firstOperator, Token firstSymbol) {
        Node left = first;
        Operator operator = firstOperator;
        Token symbol = firstSymbol;
        Node all = null;
        while (true) {
            Node right = expression(operator.precedence + 1);
            Node compared = in.node(new Node.Binary(symbol.at(), operator, left, right));
            all = all == null ? compared : in.node(new Node.And(symbol.at(), all, compared));
            Operator following = Operator.of(in.current());
            if (following == null || !following.isComparison()) {
                return all;
            }
            symbol = in.next();
            operator = following;
            left = right;
        }
    }

    private Node pipe(Node left) {
        Token name = in.next();
        if (name.kind() != Token.Kind.IDENTIFIER) {
            throw new ExprProblem("unexpected token " + name, name.at());
        }
        Node piped = name.text().equals("sprig") && in.current().isOperator(".")
                ? sprigPipe(name, left)
                : calls.call(name, left);
        return operands.postfix(piped);
    }

    private Node sprigPipe(Token sprig, Node left) {
        in.next();
        Token function = in.next();
        return calls.call(new Token(function.kind(), "sprig." + function.text(), sprig.at()), left);
    }

    private Node let() {
        in.next();
        Token name = in.next();
        if (name.kind() != Token.Kind.IDENTIFIER) {
            throw new ExprProblem("unexpected token " + name, name.at());
        }
        in.expect(Token.Kind.OPERATOR, "=");
        Node value = expression(0);
        in.expect(Token.Kind.OPERATOR, ";");
        if (locals.contains(name.text())) {
            throw new ExprProblem("cannot redeclare variable " + name.text(), name.at());
        }
        if (Functions.named(name.text()) != null || LoopKind.of(name.text()) != null) {
            throw new ExprProblem("cannot redeclare builtin " + name.text(), name.at());
        }
        int slot = locals.enter(name.text());
        Node body = sequence();
        locals.leave();
        return in.node(new Node.Let(name.at(), slot, value, body));
    }

    private Node conditionalIf() {
        int at = in.next().at();
        Node condition = expression(0);
        Node then = block();
        in.expect(Token.Kind.OPERATOR, "else");
        Node otherwise = in.current().isOperator("if") ? expression(0) : block();
        return in.node(new Node.Conditional(at, condition, then, otherwise));
    }

    private Node block() {
        in.expect(Token.Kind.BRACKET, "{");
        Node body = sequence();
        in.expect(Token.Kind.BRACKET, "}");
        return body;
    }

    private Node conditional(Node first) {
        Node condition = first;
        while (in.current().isOperator("?")) {
            int at = in.next().at();
            Node then = condition;
            if (!in.current().isOperator(":")) {
                then = expression(0);
            }
            in.expect(Token.Kind.OPERATOR, ":");
            condition = in.node(new Node.Conditional(at, condition, then, expression(0)));
        }
        return condition;
    }
}
