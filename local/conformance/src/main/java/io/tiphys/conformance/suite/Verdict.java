package io.tiphys.conformance.suite;

/** What came out of a case. */
public sealed interface Verdict {
    /** Everything was as expected. */
    record Pass() implements Verdict {}

    /** Something was different. */
    record Miss(String reason) implements Verdict {}

    /** It could not be found out here. */
    record Skip(String reason) implements Verdict {}

    default String word() {
        return switch (this) {
            case Pass() -> "pass";
            case Miss _ -> "miss";
            case Skip _ -> "skip";
        };
    }

    default String reasonText() {
        return switch (this) {
            case Pass() -> "";
            case Miss(var reason) -> reason;
            case Skip(var reason) -> reason;
        };
    }
}
