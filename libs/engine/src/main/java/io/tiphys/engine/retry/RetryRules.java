package io.tiphys.engine.retry;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Backoff;
import io.tiphys.api.NodePhase;
import io.tiphys.api.RetryStrategy;
import io.tiphys.engine.Deadlines;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.TransientErrors;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.scope.InputsScope;
import io.tiphys.engine.scope.RetryScope;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.Expr;
import io.tiphys.expression.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One retry strategy with its tags filled in, and what it says about the next attempt. */
record RetryRules(RetryStrategy strategy, Expr.@Nullable Compilation expression) {
    private static final String STOPPED = "Stopped with strategy";
    private static final String LATE = "retry exceeded workflow deadline";
    private static final String TOO_LONG = "Max duration limit exceeded";
    private static final String WOULD_BE_TOO_LONG = "Backoff would exceed max duration limit";
    private static final String NONE_LEFT = "No more retries left";
    private static final String NOT_WANTED = "retryStrategy.expression evaluated to false";
    private static final Set<String> ENDINGS = Set.of(TOO_LONG, WOULD_BE_TOO_LONG, NONE_LEFT, NOT_WANTED);

    /** What became of reading a strategy. */
    sealed interface Reading {
        record Read(RetryRules rules) implements Reading {}

        record Problem(String message) implements Reading {}
    }

    /** What comes after a failed attempt. */
    sealed interface Next {
        record Again() implements Next {}

        record Wait(Instant until, String message) implements Next {}

        record Stop(@Nullable String message) implements Next {}

        record Broken(String message) implements Next {}
    }

    /** Whether a message tells that there are no more attempts, and why. */
    static boolean isEnding(String message) {
        return ENDINGS.contains(message) || message.startsWith(STOPPED) || message.startsWith(LATE);
    }

    static Reading of(Node retry, CompiledTemplate template) {
        RetryStrategy strategy = template.retryStrategy();
        if (strategy == null) {
            return new Reading.Problem("template has no retryStrategy");
        }
        if (template.retryDocument() == null) {
            return new Reading.Read(new RetryRules(strategy, template.retryExpression()));
        }
        InputsScope scope = new InputsScope(retry.inputs(), retry.run().scope());
        return switch (Texts.render(template.retryDocument(), scope)) {
            case Texts.Outcome.Problem(var message) -> new Reading.Problem(message);
            case Texts.Outcome.Text(var json) -> {
                try {
                    RetryStrategy rendered = ApiJson.mapper().readValue(json, RetryStrategy.class);
                    String expression = rendered.expression();
                    yield new Reading.Read(new RetryRules(
                            rendered, expression == null || expression.isBlank() ? null : Expr.compile(expression)));
                } catch (JsonProcessingException e) {
                    yield new Reading.Problem("retryStrategy: " + e.getOriginalMessage());
                }
            }
        };
    }

    /** Argo: shutdown, then backoff, then policy, then limit, then expression. */
    Next next(Node retry, Node last, int attempts, Instant now) {
        Run run = retry.run();
        if (run.shutdown() != null) {
            return new Next.Stop(STOPPED + " '" + run.shutdown().text() + "'");
        }
        Long deadline = run.deadline();
        if (run.isDeadlinePassed() && deadline != null && !retry.isOnExit()) {
            return new Next.Stop(LATE + " " + Instant.ofEpochMilli(deadline));
        }
        Backoff backoff = strategy.backoff();
        if (backoff != null) {
            Next wait = backOff(backoff, retry, last, attempts, now);
            if (wait != null) {
                return wait;
            }
        }
        return again(last, attempts, run.definition().settings().transientErrors());
    }

    private @Nullable Next backOff(Backoff backoff, Node retry, Node last, int attempts, Instant now) {
        Instant end = limit(retry);
        if (end != null && now.isAfter(end)) {
            return new Next.Stop(TOO_LONG);
        }
        if (backoff.duration() == null || backoff.duration().isEmpty()) {
            return new Next.Broken("no base duration specified for retryStrategy");
        }
        Duration wait;
        try {
            wait = wait(backoff, attempts);
        } catch (IllegalArgumentException e) {
            return new Next.Broken(String.valueOf(e.getMessage()));
        }
        Instant until = Deadlines.after(Instant.ofEpochMilli(last.finishedAt()), wait);
        if (end != null && until.isAfter(end)) {
            return new Next.Stop(WOULD_BE_TOO_LONG);
        }
        return now.isBefore(until) && isMoreLeft(attempts)
                ? new Next.Wait(until, "Backoff for " + Words.of(wait))
                : null;
    }

    private static Duration wait(Backoff backoff, int attempts) {
        Duration wait = duration(backoff.duration());
        Integer factor = number(backoff.factor());
        if (factor != null && factor > 0) {
            double nanos = (wait.getSeconds() * 1e9 + wait.getNano()) * Math.pow(factor, attempts - 1.0);
            wait = nanos >= Long.MAX_VALUE / 1000.0 ? Duration.ofDays(36500) : Duration.ofNanos((long) nanos);
        }
        if (backoff.cap() != null && !backoff.cap().isEmpty()) {
            Duration cap = duration(backoff.cap());
            wait = wait.compareTo(cap) > 0 ? cap : wait;
        }
        return wait;
    }

    /** Whether it is worth waiting; a limit that is none is told where it counts. */
    private boolean isMoreLeft(int attempts) {
        try {
            Integer limit = number(strategy.limit());
            return limit == null || attempts <= limit;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Next again(Node last, int attempts, TransientErrors transientErrors) {
        boolean onFailed;
        boolean onError;
        String policy = policy();
        switch (policy) {
            case "Always" -> {
                onFailed = true;
                onError = true;
            }
            case "OnError" -> {
                onFailed = false;
                onError = true;
            }
            case "OnTransientError" -> {
                onFailed = transientErrors.matches(last.message());
                onError = onFailed;
            }
            case "OnFailure" -> {
                onFailed = true;
                onError = false;
            }
            default -> {
                return new Next.Broken(policy + " is not a valid RetryPolicy");
            }
        }
        if ((last.phase() == NodePhase.FAILED && !onFailed) || (last.phase() == NodePhase.ERROR && !onError)) {
            return new Next.Stop(last.message());
        }
        try {
            Integer limit = number(strategy.limit());
            if (limit != null && attempts > limit) {
                return new Next.Stop(NONE_LEFT);
            }
        } catch (IllegalArgumentException e) {
            return new Next.Broken(String.valueOf(e.getMessage()));
        }
        return switch (expression) {
            case null -> new Next.Again();
            case Expr.Compilation.Invalid(var message) -> new Next.Broken(message);
            case Expr.Compilation.Compiled(var compiled) ->
                switch (compiled.evaluateBoolean(new RetryScope(last, attempts))) {
                    case Expr.Evaluation.Failed(var message) -> new Next.Broken(message);
                    case Expr.Evaluation.Value(var value) ->
                        Boolean.TRUE.equals(value) ? new Next.Again() : new Next.Stop(NOT_WANTED);
                };
        };
    }

    private String policy() {
        String policy = strategy.retryPolicy();
        if (policy != null && !policy.isEmpty()) {
            return policy;
        }
        return expression == null ? "OnFailure" : "Always";
    }

    /** First attempt's start and {@code maxDuration}; null for no limit. */
    @Nullable
    Instant limit(Node retry) {
        String max = strategy.backoff() == null ? null : strategy.backoff().maxDuration();
        List<Node> attempts = retry.members();
        if (max == null || max.isEmpty() || attempts.isEmpty()) {
            return null;
        }
        Optional<Duration> duration = GoDuration.parseOrSeconds(max);
        return duration.map(d ->
                        Deadlines.after(Instant.ofEpochMilli(attempts.getFirst().startedAt()), d))
                .orElse(null);
    }

    private static Duration duration(@Nullable String text) {
        return GoDuration.parseOrSeconds(text == null ? "" : text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "retryStrategy.backoff: \"" + text + "\" is no duration such as 10s or 2m"));
    }

    private static @Nullable Integer number(@Nullable IntOrString value) {
        if (value == null) {
            return null;
        }
        String text = value.getStrVal();
        try {
            return text == null ? value.getIntVal() : (Integer) Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("value '" + text + "' cannot be resolved to an int", e);
        }
    }
}
