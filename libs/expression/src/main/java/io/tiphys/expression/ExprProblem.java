package io.tiphys.expression;

/** Why an expression can't be read or has no value; never leaves this package. */
final class ExprProblem extends RuntimeException {
    /** How a problem with a name begins that nobody knows. */
    static final String UNKNOWN_NAME = "unknown name ";

    private final String reason;
    private final int at;

    ExprProblem(String reason) {
        this(reason, -1);
    }

    /** At: offset in the source, or -1 */
    ExprProblem(String reason, int at) {
        super(reason, null, false, false);
        this.reason = reason;
        this.at = at;
    }

    boolean hasPlace() {
        return at >= 0;
    }

    ExprProblem in(int offset) {
        return new ExprProblem(reason, offset);
    }

    /** The reason with line, column and the line itself, as expr-lang shows it. */
    String show(String source) {
        if (at < 0 || source.isEmpty()) {
            return reason;
        }
        int offset = Math.min(at, source.length());
        int lineStart = source.lastIndexOf('\n', offset - 1) + 1;
        int lineEnd = source.indexOf('\n', lineStart);
        String line = source.substring(lineStart, lineEnd < 0 ? source.length() : lineEnd);
        int lineNumber = 1
                + (int) source.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        int column = offset - lineStart;
        if (line.isEmpty()) {
            return reason;
        }
        return reason + " (" + lineNumber + ":" + (column + 1) + ")\n | " + line.replace('\t', ' ') + "\n | "
                + ".".repeat(column) + "^";
    }
}
