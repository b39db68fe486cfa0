package io.tiphys.executor.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.expression.query.Condition;
import io.tiphys.expression.query.QueryException;
import org.jspecify.annotations.Nullable;

/**
 * {@code successCondition} and {@code failureCondition}. One failure requirement that holds is failure; success needs all of its
 * requirements, and with none of them it is there at once (Argo: resource.go, matchConditions).
 */
record Conditions(@Nullable Condition success, @Nullable Condition failure) {

    /** What a look at the object said. */
    sealed interface Verdict {
        record Met() implements Verdict {}

        record NotYet() implements Verdict {}

        record Failed(String message) implements Verdict {}
    }

    static Conditions of(@Nullable String success, @Nullable String failure) throws KubectlException {
        return new Conditions(compile(success, "success"), compile(failure, "fail"));
    }

    private static @Nullable Condition compile(@Nullable String text, String what) throws KubectlException {
        try {
            return text == null || text.isEmpty() ? null : Condition.compile(text);
        } catch (QueryException e) {
            throw new KubectlException(what + " condition '" + text + "' failed to parse: " + e.getMessage());
        }
    }

    boolean isEmpty() {
        return success == null && failure == null;
    }

    Verdict judge(JsonNode object) {
        String failed = failure == null ? "" : failure.firstThatHolds(object);
        if (!failed.isEmpty()) {
            return new Verdict.Failed("failure condition '" + failed + "' evaluated true");
        }
        return success == null || success.allHold(object) ? new Verdict.Met() : new Verdict.NotYet();
    }
}
