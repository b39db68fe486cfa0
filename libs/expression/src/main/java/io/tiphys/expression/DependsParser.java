package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code depends}: names, results, {@code && || !} (or {@code and or not}) and parentheses. */
final class DependsParser {
    private static final int MAX_DEPTH = 200;

    private final String text;
    private final Depends.Tasks tasks;
    private int at;
    private int depth;

    private DependsParser(String text, Depends.Tasks tasks) {
        this.text = text;
        this.tasks = tasks;
    }

    static Depends.Compilation parse(String text, Depends.Tasks tasks) {
        try {
            DependsParser parser = new DependsParser(text, tasks);
            Formula formula = parser.or();
            parser.skipSpace();
            if (parser.at < text.length()) {
                throw new Problem("unexpected '" + text.charAt(parser.at) + "' at character " + (parser.at + 1));
            }
            return new Depends.Compilation.Compiled(new Depends(formula));
        } catch (Problem problem) {
            return new Depends.Compilation.Invalid(problem.getMessage());
        }
    }

    private Formula or() throws Problem {
        List<Formula> parts = new ArrayList<>();
        do {
            parts.add(and());
        } while (accept("||", "or"));
        return parts.size() == 1 ? parts.getFirst() : new Formula.Or(parts);
    }

    private Formula and() throws Problem {
        List<Formula> parts = new ArrayList<>();
        do {
            parts.add(not());
        } while (accept("&&", "and"));
        return parts.size() == 1 ? parts.getFirst() : new Formula.And(parts);
    }

    private Formula not() throws Problem {
        boolean negated = false;
        while (accept("!", "not")) {
            negated = !negated;
        }
        Formula formula = primary();
        return negated ? new Formula.Not(formula) : formula;
    }

    private Formula primary() throws Problem {
        if (accept("(", "")) {
            if (++depth > MAX_DEPTH) {
                throw new Problem("more than " + MAX_DEPTH + " parentheses inside each other");
            }
            Formula inner = or();
            depth--;
            if (!accept(")", "")) {
                throw new Problem("missing ')' at character " + (at + 1));
            }
            return inner;
        }
        String task = word(true);
        if (task.isEmpty()) {
            throw new Problem(
                    at < text.length()
                            ? "expected a task name but found '" + text.charAt(at) + "' at character " + (at + 1)
                            : "expected a task name at the end of \"" + text + "\"");
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            String word = word(false);
            TaskResult result = TaskResult.of(word);
            if (result == null) {
                throw new Problem("task result '" + word + "' for task '" + task + "' is invalid");
            }
            return new Formula.Term(task, result.bit(), false);
        }
        return new Formula.Term(task, tasks.continueOn(task).results(), true);
    }

    private String word(boolean hyphens) {
        skipSpace();
        int start = at;
        while (at < text.length() && isNameCharacter(text.charAt(at), hyphens)) {
            at++;
        }
        return text.substring(start, at);
    }

    private static boolean isNameCharacter(char c, boolean hyphens) {
        return (c < 128 && Character.isLetterOrDigit(c)) || c == '_' || (hyphens && c == '-');
    }

    private boolean accept(String symbol, String word) {
        skipSpace();
        if (text.startsWith(symbol, at)) {
            at += symbol.length();
            return true;
        }
        int end = at + word.length();
        if (!word.isEmpty()
                && text.startsWith(word, at)
                && (end == text.length() || (!isNameCharacter(text.charAt(end), true) && text.charAt(end) != '.'))) {
            at = end;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    /** A reason why the text is no condition. */
    private static final class Problem extends Exception {
        Problem(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
