package io.tiphys.controller.locks;

import io.tiphys.engine.LockRequest;
import io.tiphys.engine.locks.LockAnswer;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.engine.locks.LockWish;
import io.tiphys.messages.LockMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the topic says, read from its beginning. All replicas that read as far know the same.
 *
 * <p>An answer counts when it was given by whoever had taken the table by then, so a controller that doesn't know yet that
 * it was replaced decides nothing. Its answers stay in the way of compaction, though: {@link #doubtful} tells the one in
 * charge which keys to write anew.
 */
final class LockLog {
    private final LockTable table = new LockTable();
    private final Map<String, LockMessage.Wanted> wishes = new LinkedHashMap<>();
    private final Map<String, Set<String>> byWorkflow = new LinkedHashMap<>();
    private final Map<String, LockMessage.Answered> answers = new LinkedHashMap<>();
    private final Set<String> doubtful = new LinkedHashSet<>();
    private @Nullable String decider;

    LockTable table() {
        return table;
    }

    /** Who decides; null as long as nobody said so. */
    @Nullable
    String decider() {
        return decider;
    }

    /** Takes a record in; the message is null for a tombstone. Returns the answer in it if it counts. */
    LockMessage.@Nullable Answered apply(String key, @Nullable LockMessage message) {
        return switch (message) {
            case null -> {
                ended(key);
                yield null;
            }
            case LockMessage.TableTaken taken -> {
                decider = taken.table();
                yield null;
            }
            case LockMessage.Wanted wanted -> {
                want(wanted);
                yield null;
            }
            case LockMessage.Answered answered -> answered(answered) ? answered : null;
        };
    }

    private void ended(String key) {
        if (key.startsWith(LockMessage.WISH)) {
            forget(key.substring(LockMessage.WISH.length()));
        } else if (key.startsWith(LockMessage.ANSWER)) {
            String wish = key.substring(LockMessage.ANSWER.length());
            answers.remove(wish);
            doubtful.remove(wish);
            if (!table.isKnown(wish)) {
                table.release(wish);
            }
        }
    }

    private void forget(String wish) {
        table.release(wish);
        LockMessage.Wanted wanted = wishes.remove(wish);
        if (wanted != null) {
            String uid = wanted.workflow().uid();
            Set<String> others = byWorkflow.get(uid);
            if (others != null) {
                others.remove(wish);
                if (others.isEmpty()) {
                    byWorkflow.remove(uid);
                }
            }
        }
    }

    private void want(LockMessage.Wanted wanted) {
        wishes.put(wanted.wish(), wanted);
        byWorkflow
                .computeIfAbsent(wanted.workflow().uid(), _ -> new LinkedHashSet<>())
                .add(wanted.wish());
        table.want(new LockWish(
                wanted.wish(),
                wanted.workflow().uid(),
                wanted.holder(),
                wanted.locks().stream()
                        .map(lock -> new LockRequest(lock.name(), LockRequest.Kind.valueOf(lock.kind())))
                        .toList(),
                wanted.priority(),
                wanted.createdAt(),
                wanted.held()));
    }

    private boolean answered(LockMessage.Answered answer) {
        String wish = answer.wish();
        if (decider != null && !decider.equals(answer.table())) {
            doubtful.add(wish);
            return false;
        }
        answers.put(wish, answer);
        if (!table.isKnown(wish)) {
            doubtful.add(wish); // released meanwhile, or about to be seen
        }
        if (answer.verdict() == LockMessage.Verdict.GRANTED) {
            table.granted(wish);
        } else {
            table.told(wish, answer.message() == null ? "" : answer.message());
        }
        return true;
    }

    /** What follows from all that was read, as answers of the one in charge. */
    List<LockMessage.Answered> decide(String self, Instant now) {
        List<LockMessage.Answered> decided = new ArrayList<>();
        for (LockAnswer answer : table.decide()) {
            LockMessage.Wanted wish = wishes.get(answer.key());
            if (wish != null) {
                decided.add(message(answer, wish, self, now));
            }
        }
        return decided;
    }

    /** Keys of answers that are not as the one in charge knows it, with what is to be there; null for nothing. */
    Map<String, LockMessage.@Nullable Answered> corrections(String self, Instant now) {
        Map<String, LockMessage.@Nullable Answered> corrections = new LinkedHashMap<>();
        for (String wish : doubtful) {
            LockMessage.Wanted wanted = wishes.get(wish);
            corrections.put(
                    wish,
                    wanted != null && table.isGranted(wish)
                            ? message(new LockAnswer.Granted(wish), wanted, self, now)
                            : null);
        }
        doubtful.clear();
        return corrections;
    }

    private static LockMessage.Answered message(LockAnswer answer, LockMessage.Wanted wish, String self, Instant now) {
        return switch (answer) {
            case LockAnswer.Granted _ -> answer(wish, self, now, LockMessage.Verdict.GRANTED, null, null, Map.of());
            case LockAnswer.Delayed(var _, var lock, var message, var holders) ->
                answer(wish, self, now, LockMessage.Verdict.DELAYED, lock, message, holders);
            case LockAnswer.Refused(var _, var message) ->
                answer(wish, self, now, LockMessage.Verdict.REFUSED, null, message, Map.of());
        };
    }

    private static LockMessage.Answered answer(
            LockMessage.Wanted wish,
            String self,
            Instant now,
            LockMessage.Verdict verdict,
            @Nullable String lock,
            @Nullable String message,
            Map<String, List<String>> holders) {
        return new LockMessage.Answered(
                wish.workflow(), wish.node(), wish.ticket(), now, self, verdict, lock, message, holders);
    }

    List<Standing> standing(String uid) {
        return byWorkflow.getOrDefault(uid, Set.of()).stream()
                .map(wish -> new Standing(java.util.Objects.requireNonNull(wishes.get(wish)), answers.get(wish)))
                .toList();
    }

    /** Uids of all workflows that hold or want something. */
    Collection<String> workflows() {
        return byWorkflow.keySet();
    }

    LockMessage.@Nullable Wanted wish(String wish) {
        return wishes.get(wish);
    }
}
