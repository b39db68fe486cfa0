package io.tiphys.executor.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.executor.http.UploaderClient;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.thisptr.jackson.jq.BuiltinFunctionLoader;
import net.thisptr.jackson.jq.JsonQuery;
import net.thisptr.jackson.jq.Scope;
import net.thisptr.jackson.jq.Versions;
import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.jspecify.annotations.Nullable;

/** {@code jqFilter}: each output on a line of its own, texts without quotes. Bounded in time and size. */
final class JqFilter {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int MOST_CHARACTERS = 1 << 20;

    private JqFilter() {}

    static String apply(String filter, JsonNode object) throws IOException {
        return apply(filter, object, LONGEST);
    }

    static String apply(String filter, JsonNode object, Duration longest) throws IOException {
        var work = new FutureTask<>(() -> evaluate(filter, object));
        // a thread of its own: the library can't be asked to stop, and a deep recursion must not end the executor
        Thread.ofPlatform().daemon().name("jq").start(work);
        try {
            return work.get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            work.cancel(true);
            throw new KubectlException("jqFilter \"" + filter + "\" takes longer than " + longest.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new KubectlException("jqFilter \"" + filter + "\": " + reason(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during a jqFilter", e);
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof StackOverflowError) {
            return "it goes too deep";
        }
        return cause == null ? "it failed" : String.valueOf(cause.getMessage());
    }

    private static String evaluate(String filter, JsonNode object) throws IOException {
        Scope scope = Scope.newEmptyScope();
        BuiltinFunctionLoader.getInstance().loadFunctions(Versions.JQ_1_6, scope);
        StringBuilder text = new StringBuilder();
        JsonQuery.compile(filter, Versions.JQ_1_6).apply(scope, object, value -> {
            String line;
            try {
                line = value.isTextual() ? value.textValue() : UploaderClient.JSON.writeValueAsString(value);
            } catch (IOException e) {
                throw new JsonQueryException(e);
            }
            if (text.length() + line.length() > MOST_CHARACTERS) {
                throw new JsonQueryException("the outcome is larger than " + MOST_CHARACTERS + " characters");
            }
            text.append(line).append('\n');
        });
        return text.toString().strip();
    }
}
