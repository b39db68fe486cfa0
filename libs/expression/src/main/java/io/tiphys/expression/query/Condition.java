package io.tiphys.expression.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * {@code successCondition} or {@code failureCondition} of a resource template: a Kubernetes label selector whose keys are paths in the
 * object, such as {@code status.phase == Succeeded, status.failed < 2}.
 */
public final class Condition {
    private final String source;
    private final List<Requirement> requirements;

    Condition(String source, List<Requirement> requirements) {
        this.source = source;
        this.requirements = List.copyOf(requirements);
    }

    /**
     * Reads a selector.
     *
     * @throws QueryException if it is none
     */
    public static Condition compile(String source) throws QueryException {
        return new Condition(source, new ConditionParser(source).requirements());
    }

    /** The parts between the commas. Success takes all of them; one is enough for failure. */
    public List<Requirement> requirements() {
        return requirements;
    }

    /** Whether the object meets all requirements; so does every object if there are none. */
    public boolean allHold(JsonNode object) {
        return requirements.stream().allMatch(requirement -> requirement.holds(object));
    }

    /** The first requirement that the object meets, as Argo shows it in messages; "" if it meets none. */
    public String firstThatHolds(JsonNode object) {
        return requirements.stream()
                .filter(requirement -> requirement.holds(object))
                .findFirst()
                .map(Requirement::toString)
                .orElse("");
    }

    @Override
    public String toString() {
        return source;
    }

    enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        NOT_EXISTS,
        MORE,
        LESS
    }

    /** What one path must be. The values are sorted; {@code symbol} is the operator as it was written. */
    public record Requirement(String path, Operator operator, String symbol, Set<String> values) {

        public boolean holds(JsonNode object) {
            JsonNode found = Paths.at(object, path);
            boolean exists = !found.isMissingNode();
            return switch (operator) {
                case EXISTS -> exists;
                case NOT_EXISTS -> !exists;
                case IN -> exists && values.contains(Paths.text(found));
                case NOT_IN -> !exists || !values.contains(Paths.text(found));
                case MORE, LESS -> exists && compares(Paths.text(found));
            };
        }

        private boolean compares(String text) {
            try {
                int order = Long.compare(
                        Long.parseLong(text), Long.parseLong(values.iterator().next()));
                return operator == Operator.MORE ? order > 0 : order < 0;
            } catch (NumberFormatException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return switch (operator) {
                case EXISTS -> path;
                case NOT_EXISTS -> "!" + path;
                case MORE -> path + ">" + String.join(",", values);
                case LESS -> path + "<" + String.join(",", values);
                case IN, NOT_IN ->
                    symbol.endsWith("in")
                            ? path + " " + symbol + " (" + String.join(",", values) + ")"
                            : path + symbol + String.join(",", values);
            };
        }
    }
}
