package io.tiphys.e2e;

/**
 * How a command ended.
 *
 * @param command what was called, for messages
 * @param exit its exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record CommandResult(String command, int exit, String out, String err) {
    /** The last non-empty line of the output: the name, with {@code -o name}. */
    String lastLine() {
        return out.strip().lines().reduce((_, last) -> last).orElse("");
    }

    @Override
    public String toString() {
        return "`%s` → %d%n--- out%n%s%n--- err%n%s".formatted(command, exit, out, err);
    }
}
