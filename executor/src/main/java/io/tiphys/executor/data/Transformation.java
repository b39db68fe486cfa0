package io.tiphys.executor.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.executor.http.PermanentException;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.expression.Expr;
import io.tiphys.expression.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A data template's expressions, each on the outcome of the one before (Argo: workflow/data). */
public final class Transformation {
    private Transformation() {}

    /** The last outcome as JSON. */
    public static String apply(List<String> keys, List<String> expressions) throws PermanentException {
        Object data = keys;
        for (int i = 0; i < expressions.size(); i++) {
            data = step(i, expressions.get(i), data);
        }
        try {
            return data == null || data instanceof String
                    ? UploaderClient.JSON.writeValueAsString(data)
                    : Expr.toText(data);
        } catch (JsonProcessingException e) {
            throw new PermanentException("the outcome can't be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static @Nullable Object step(int number, String expression, @Nullable Object data)
            throws PermanentException {
        Scope scope = name -> name.equals("data") ? data : null;
        return switch (Expr.compile(expression)) {
            case Expr.Compilation.Invalid(var message) -> throw failed(number, message);
            case Expr.Compilation.Compiled(var compiled) ->
                switch (compiled.evaluate(scope)) {
                    case Expr.Evaluation.Failed(var message) -> throw failed(number, message);
                    case Expr.Evaluation.Value(var value) -> value;
                };
        };
    }

    private static PermanentException failed(int number, String message) {
        return new PermanentException(
                "unable to process data template: unable to process data transformation: error processing data step "
                        + number + ": " + message);
    }
}
