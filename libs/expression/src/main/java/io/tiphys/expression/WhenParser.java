package io.tiphys.expression;

final class WhenParser {
    private WhenParser() {}

    static When.Verdict evaluate(String when) {
        return switch (when.strip()) {
            case "", "true" -> new When.Verdict.Decided(true);
            case "false" -> new When.Verdict.Decided(false);
            default -> new When.Verdict.Invalid("Invalid 'when' expression '" + when + "'");
        };
    }
}
