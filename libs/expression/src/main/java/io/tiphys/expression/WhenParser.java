package io.tiphys.expression;

import io.tiphys.expression.WhenToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads and decides a {@code when} condition; the operators of one level go from left to right. */
final class WhenParser {
    private static final int MAX_DEPTH = 200;

    /** From the loosest to the tightest. */
    private static final List<Set<String>> LEVELS = List.of(
            Set.of(","),
            Set.of("?", ":", "??"),
            Set.of("||"),
            Set.of("&&"),
            Set.of("==", "!=", ">", ">=", "<", "<=", "=~", "!~", "in"),
            Set.of("&", "|", "^"),
            Set.of(">>", "<<"),
            Set.of("+", "-"),
            Set.of("*", "/", "%"),
            Set.of("**"));

    private static final Set<Kind> OPERATORS =
            Set.of(Kind.SEPARATOR, Kind.TERNARY, Kind.LOGICALOP, Kind.COMPARATOR, Kind.MODIFIER);

    private final List<WhenToken> tokens;
    private final Budget budget = new Budget();
    private int at;
    private int depth;

    private WhenParser(List<WhenToken> tokens) {
        this.tokens = tokens;
    }

    static When.Verdict evaluate(String when) {
        if (when.isEmpty()) {
            return new When.Verdict.Decided(true);
        }
        List<WhenToken> tokens;
        try {
            tokens = WhenLexer.tokens(when);
            check(tokens);
        } catch (WhenProblem problem) {
            String hint = problem.reason().contains("Invalid token")
                    ? " (hint: try wrapping the affected expression in quotes (\"))"
                    : "";
            return invalid("Invalid 'when' expression '" + when + "': " + problem.reason() + hint);
        }
        List<WhenToken> words =
                tokens.stream().map(WhenParser::bareWordAsString).toList();
        WhenStage stage;
        try {
            checkSyntax(words);
            stage = new WhenParser(words).level(0);
        } catch (WhenProblem problem) {
            return invalid("Failed to parse 'when' expression '" + when + "': " + problem.reason());
        }
        try {
            Object result = stage.evaluate();
            return result instanceof Boolean decided
                    ? new When.Verdict.Decided(decided)
                    : invalid("Expected boolean evaluation for '" + when + "'. Got " + GoFormat.show(result));
        } catch (WhenProblem problem) {
            return invalid("Failed to evaluate 'when' expresion '" + when + "': " + problem.reason());
        }
    }

    private static When.Verdict invalid(String message) {
        return new When.Verdict.Invalid(message);
    }

    private static WhenToken bareWordAsString(WhenToken token) {
        return token.kind() == Kind.VARIABLE ? new WhenToken(Kind.STRING, token.value()) : token;
    }

    private static void check(List<WhenToken> tokens) throws WhenProblem {
        long opened =
                tokens.stream().filter(token -> token.kind() == Kind.CLAUSE).count();
        long closed = tokens.stream()
                .filter(token -> token.kind() == Kind.CLAUSE_CLOSE)
                .count();
        if (opened != closed) {
            throw new WhenProblem("Unbalanced parenthesis");
        }
        checkSyntax(tokens);
    }

    private static void checkSyntax(List<WhenToken> tokens) throws WhenProblem {
        Kind state = Kind.UNKNOWN;
        Object value = null;
        for (WhenToken token : tokens) {
            if (!state.mayBeFollowedBy(token.kind())) {
                if (state == Kind.VARIABLE && token.kind() == Kind.CLAUSE) {
                    throw new WhenProblem("Undefined function " + value);
                }
                throw new WhenProblem("Cannot transition token types from " + state + " [" + GoFormat.show(value)
                        + "] to " + token.kind() + " [" + shown(token) + "]");
            }
            state = token.kind();
            value = shown(token);
        }
        if (!state.mayEnd()) {
            throw new WhenProblem("Unexpected end of expression");
        }
    }

    /** Parentheses are held as characters there, and shown as their codes. */
    private static String shown(WhenToken token) {
        return switch (token.kind()) {
            case CLAUSE -> "40";
            case CLAUSE_CLOSE -> "41";
            case ACCESSOR -> "[" + token.value().toString().replace('.', ' ') + "]";
            default -> GoFormat.show(token.value());
        };
    }

    private @Nullable WhenToken peek() {
        return at < tokens.size() ? tokens.get(at) : null;
    }

    private WhenStage level(int level) throws WhenProblem {
        if (level == LEVELS.size()) {
            return value();
        }
        WhenStage first = level(level + 1);
        List<WhenStage.Operation> operations = new ArrayList<>();
        for (WhenToken token = peek();
                token != null
                        && OPERATORS.contains(token.kind())
                        && LEVELS.get(level).contains(token.value().toString());
                token = peek()) {
            at++;
            operations.add(new WhenStage.Operation(token.value().toString(), level(level + 1)));
        }
        return operations.isEmpty() ? first : WhenStage.chain(first, operations, budget);
    }

    private WhenStage value() throws WhenProblem {
        WhenToken token = peek();
        if (token == null || token.kind() == Kind.CLAUSE_CLOSE) {
            return () -> null;
        }
        at++;
        return switch (token.kind()) {
            case CLAUSE -> {
                if (++depth > MAX_DEPTH) {
                    throw new WhenProblem("more than " + MAX_DEPTH + " parentheses inside each other");
                }
                WhenStage inner = level(0);
                at++;
                depth--;
                yield inner;
            }
            case PREFIX -> WhenStage.prefix(token.value().toString(), value());
            case ACCESSOR -> {
                String name = token.value().toString();
                yield () -> {
                    throw new WhenProblem("No parameter '" + name.substring(0, name.indexOf('.')) + "' found.");
                };
            }
            case NUMERIC, BOOLEAN, STRING, TIME, VARIABLE -> token::value;
            case UNKNOWN, SEPARATOR, COMPARATOR, LOGICALOP, MODIFIER, CLAUSE_CLOSE, TERNARY ->
                throw new WhenProblem(
                        "Unable to plan token kind: '" + token.kind() + "', value: '" + shown(token) + "'");
        };
    }
}
