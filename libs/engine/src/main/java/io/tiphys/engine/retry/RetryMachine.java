package io.tiphys.engine.retry;

import io.tiphys.api.NodePhase;
import io.tiphys.api.RetryStrategy;
import io.tiphys.engine.Command;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.launch.Launcher;
import io.tiphys.engine.launch.Slots;
import io.tiphys.engine.metric.MetricMachine;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A retry node: {@code Running} while attempts come and go; ends with the phase and outputs of the last one.
 *
 * <p>attempt failed → wait (timer) → next attempt, until one succeeds or a rule says stop.
 */
public final class RetryMachine {
    private RetryMachine() {}

    public static void attend(Draft draft, Node retry) {
        CompiledTemplate template = retry.template();
        if (template == null || retry.isFinal()) {
            return;
        }
        Family family = retry.family();
        Node last = family == null ? null : family.lastAttempt();
        if (family == null || last == null) {
            attempt(draft, retry, template, 0);
        } else if (last.isDaemoned() && !retry.isDaemoned()) {
            draft.add(new Event.NodeDaemoned(retry.seq(), true));
        } else if (last.isFinal()) {
            afterAttempt(draft, retry, template, family, last);
        }
    }

    private static void afterAttempt(Draft draft, Node retry, CompiledTemplate template, Family family, Node last) {
        if (!last.phase().isFailedOrError()) {
            finish(draft, retry, last, NodePhase.SUCCEEDED, null);
            return;
        }
        RetryRules rules;
        switch (RetryRules.of(retry, template)) {
            case RetryRules.Reading.Read(var read) -> rules = read;
            case RetryRules.Reading.Problem(var message) -> {
                finish(draft, retry, last, NodePhase.ERROR, message);
                return;
            }
        }
        switch (rules.next(retry, last, family.attempts(), draft.at())) {
            case RetryRules.Next.Stop(var message) -> {
                boolean isHandedOn = message != null && Faults.isOfAttempt(retry);
                finish(draft, retry, last, last.phase(), isHandedOn ? Faults.told(retry, message) : message);
            }
            case RetryRules.Next.Broken(var message) -> end(draft, retry, NodePhase.ERROR, Faults.told(retry, message));
            case RetryRules.Next.Wait(var until, var message) -> wait(draft, retry, until, message);
            case RetryRules.Next.Again _ -> {
                if (retry.message() != null) {
                    draft.add(new Event.NodeMessageChanged(retry.seq(), null));
                }
                attempt(draft, retry, template, family.attempts());
            }
        }
    }

    private static void attempt(Draft draft, Node retry, CompiledTemplate template, int number) {
        Event.Slot missing = Launcher.refusal(draft.run(), retry.isOnExit()) == null && !retry.isHook()
                ? Slots.missing(draft, retry.boundary())
                : null;
        if (missing != null) {
            draft.add(new Event.NodeBlocked(retry.seq(), missing));
        } else {
            Node failed = retry.family() == null ? null : retry.family().lastAttempt();
            if (failed != null) {
                MetricMachine.attemptFailed(draft, failed);
            }
            Launcher.attempt(draft, retry, template, number);
        }
    }

    private static void wait(Draft draft, Node retry, Instant until, String message) {
        if (retry.backoffUntil() != until.toEpochMilli()) {
            draft.add(new Event.BackoffStarted(retry.seq(), until));
        }
        if (!Objects.equals(retry.message(), message)) {
            draft.add(new Event.NodeMessageChanged(retry.seq(), message));
        }
        draft.add(new Command.StartTimer(TimerKey.retry(retry), until));
    }

    private static void finish(Draft draft, Node retry, Node last, NodePhase phase, @Nullable String message) {
        if (last.outputs() != null) {
            draft.add(new Event.NodeOutputsChanged(retry.seq(), last.outputs()));
        }
        end(draft, retry, phase, message);
    }

    private static void end(Draft draft, Node retry, NodePhase phase, @Nullable String message) {
        if (retry.isDaemoned()) {
            draft.add(new Event.NodeDaemoned(retry.seq(), false));
        }
        draft.add(new Event.NodePhaseChanged(retry.seq(), phase, message, draft.at()));
    }

    /** The strategy with its tags filled in, for whoever needs a part of it; null if it makes no sense. */
    public static @Nullable RetryStrategy strategyOf(Node retry) {
        CompiledTemplate template = retry.template();
        return template != null && RetryRules.of(retry, template) instanceof RetryRules.Reading.Read(var rules)
                ? rules.strategy()
                : null;
    }

    /** Whether a node that is in error is so for what its strategy says, and not for its last attempt. */
    public static boolean isBroken(Node retry) {
        String message = retry.message();
        Node last = retry.family() == null ? null : retry.family().lastAttempt();
        return retry.phase() == NodePhase.ERROR
                && message != null
                && last != null
                && last.phase().isFailedOrError()
                && !message.equals(last.message())
                && !RetryRules.isEnding(message);
    }

    /** When the last attempt must have ended because of {@code backoff.maxDuration}; null for no limit. */
    public static @Nullable Instant limit(Node retry) {
        CompiledTemplate template = retry.template();
        return template != null && RetryRules.of(retry, template) instanceof RetryRules.Reading.Read(var rules)
                ? rules.limit(retry)
                : null;
    }
}
