package io.tiphys.controller.cron;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowSpec;
import io.tiphys.api.CronWorkflowStatus;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.expression.CronSchedule;
import io.tiphys.expression.When;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done for a cron workflow at one moment. Pure: same arguments, same plan; a plan that was made and not carried out is made
 * again.
 *
 * <p>Of several times that have come only the last one counts. A time that is more than a few seconds past is made up for within
 * {@code startingDeadlineSeconds}, if the cron has run before and its schedules are the same still (Argo: cron-workflows.md, "Crash
 * Recovery"); also one that {@code concurrencyPolicy: Forbid} kept from starting, once the earlier workflow is over.
 *
 * @param status what the status should say, before the fire
 * @param fire the workflow to start, if one is due
 * @param completes whether {@code stopStrategy} ends the schedule, which a label says too
 * @param deletions finished children beyond the limits of history
 * @param memory what to hand in next time
 * @param wake when there may be something to do again, as far as can be told now
 * @param schedulesUsed whether a time has come, so that the schedules go into the ledger
 * @param overlap the concurrencyPolicy that this time was the first to meet with an earlier workflow still running; null if none was
 */
record CronPlan(
        CronWorkflowStatus status,
        Optional<Fire> fire,
        boolean completes,
        List<Child> deletions,
        Memory memory,
        Instant wake,
        boolean schedulesUsed,
        @Nullable String overlap) {
    static final String STOPPED = "Stopped";
    static final String ACTIVE = "Active";

    private static final Duration PUNCTUAL = Duration.ofSeconds(20);
    private static final Duration CHILDREN_INTERVAL = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofHours(1);
    private static final int DEFAULT_SUCCESSFUL = 3;
    private static final int DEFAULT_FAILED = 1;

    /** A workflow is to be started for this time, after these were told to terminate. */
    record Fire(Instant scheduled, List<Child> replaces) {}

    /**
     * What one replica remembers of a cron; a new one starts with {@link #NONE}.
     *
     * @param settled times up to here are dealt with
     * @param met the last time that was looked at
     * @param claimed the time that this replica claimed itself last
     */
    record Memory(Instant settled, Instant met, Instant claimed) {
        static final Memory NONE = new Memory(Instant.EPOCH, Instant.EPOCH, Instant.EPOCH);

        Memory settle(Instant time) {
            return new Memory(later(settled, time), later(met, time), claimed);
        }

        Memory meet(Instant time) {
            return new Memory(settled, later(met, time), claimed);
        }

        /** After the clock was set back; that nothing is started twice is the ledger's business. */
        Memory notAfter(Instant now) {
            return settled.isAfter(now) || met.isAfter(now)
                    ? new Memory(earlier(settled, now), earlier(met, now), claimed)
                    : this;
        }

        Memory claim(Instant time) {
            return new Memory(settled, met, time);
        }
    }

    static CronPlan of(CronWorkflow cron, List<Child> children, Memory memory, Instant now) {
        return new Planning(cron, children, memory, now).plan();
    }

    /** The status once the workflow of the fire is there. */
    static CronWorkflowStatus started(CronWorkflowStatus status, Instant scheduled, ObjectReference child) {
        List<ObjectReference> active = new ArrayList<>(status.active());
        if (active.stream().noneMatch(known -> known.getUid().equals(child.getUid()))) {
            active.add(child);
        }
        return CronConditions.without(status, CronConditions.SUBMISSION_ERROR)
                .withActive(active)
                .withPhase(ACTIVE)
                .withLastScheduledTime(scheduled);
    }

    /** The status when the API server refused the workflow of the fire. */
    static CronWorkflowStatus refused(CronWorkflowStatus status, String reason) {
        return CronConditions.with(status, CronConditions.SUBMISSION_ERROR, "Failed to submit Workflow: " + reason)
                .withFailed(status.failed() + 1);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static final class Planning {
        private final CronWorkflow cron;
        private final CronWorkflowSpec spec;
        private final Ledger ledger;
        private final List<Child> children;
        private final Instant now;
        private final Instant created;
        private Memory memory;
        private CronWorkflowStatus status;
        private boolean completes;
        private boolean schedulesUsed;
        private @Nullable String overlap;

        Planning(CronWorkflow cron, List<Child> children, Memory memory, Instant now) {
            this.cron = cron;
            this.spec = cron.getSpec();
            this.ledger = Ledger.of(cron);
            this.children = children;
            this.memory = memory.notAfter(now);
            this.now = now;
            this.status = cron.getStatus();
            String creation = cron.getMetadata().getCreationTimestamp();
            this.created =
                    creation == null ? now : OffsetDateTime.parse(creation).toInstant();
        }

        CronPlan plan() {
            adoptClaimed();
            lookAfterActive();
            Optional<Fire> fire = Optional.empty();
            List<CronSchedule> schedules = List.of();
            if (spec.suspend() || STOPPED.equals(status.phase())) {
                // with a deadline, what was missed meanwhile is made up for when the cron is resumed
                memory = spec.startingDeadlineSeconds() == null ? memory.settle(now) : memory;
            } else {
                try {
                    schedules = spec.schedules().stream()
                            .map(text -> CronSchedule.parse(text, spec.timezone(), created))
                            .toList();
                    fire = fire(schedules);
                } catch (IllegalArgumentException e) {
                    memory = memory.settle(now);
                    status =
                            CronConditions.with(status, CronConditions.SPEC_ERROR, "spec.schedules: " + e.getMessage());
                }
            }
            return new CronPlan(status, fire, completes, deletions(), memory, wake(schedules), schedulesUsed, overlap);
        }

        /** The workflow of a claimed time is there, but whoever created it did not get to say so. */
        private void adoptClaimed() {
            ledger.open()
                    .ifPresent(claimed ->
                            child(claimed).ifPresent(child -> status = started(status, claimed, child.reference())));
        }

        private Optional<Child> child(Instant scheduled) {
            String name = ChildWorkflow.name(cron, scheduled);
            return children.stream().filter(child -> child.name().equals(name)).findFirst();
        }

        private void lookAfterActive() {
            Map<String, Child> byUid = new HashMap<>();
            children.forEach(child -> byUid.put(child.reference().getUid(), child));
            List<ObjectReference> active = new ArrayList<>();
            boolean counted = false;
            for (ObjectReference reference : status.active()) {
                Child child = byUid.remove(reference.getUid());
                if (child == null) {
                    continue;
                }
                if (child.isRunning()) {
                    active.add(reference);
                    continue;
                }
                counted = true;
                boolean succeeded = child.phase() == WorkflowPhase.SUCCEEDED;
                status = succeeded
                        ? status.withSucceeded(status.succeeded() + 1)
                        : status.withFailed(status.failed() + 1);
            }
            for (Child child : children) {
                if (child.isRunning() && byUid.containsKey(child.reference().getUid())) {
                    active.add(child.reference());
                }
            }
            status = status.withActive(active);
            if (counted && CronConditions.stops(cron, status, now) instanceof When.Verdict.Decided(var stop) && stop) {
                complete();
            }
        }

        private void complete() {
            completes = true;
            status = status.withPhase(STOPPED);
        }

        private Optional<Fire> fire(List<CronSchedule> schedules) {
            boolean changed = ledger.isOfOtherSchedules(spec);
            if (changed && memory.equals(Memory.NONE)) {
                memory = memory.settle(now);
            }
            boolean mayBeLate = spec.startingDeadlineSeconds() != null && ledger.scheduled() != null && !changed;
            Instant since = since(mayBeLate);
            Optional<Instant> latest = schedules.stream()
                    .flatMap(schedule -> schedule.last(since, now).stream())
                    .max(Comparator.naturalOrder());
            if (latest.isEmpty()) {
                return Optional.empty();
            }
            Instant due = latest.get();
            schedulesUsed = true;
            Long deadline = spec.startingDeadlineSeconds();
            Duration allowed = mayBeLate && deadline != null && deadline > PUNCTUAL.toSeconds()
                    ? Duration.ofSeconds(deadline)
                    : PUNCTUAL;
            if (due.plus(allowed).isBefore(now) || !isWanted()) {
                memory = memory.settle(due);
                return Optional.empty();
            }
            return unlessOverlapping(due, mayBeLate);
        }

        /** Times up to this one are settled. */
        private Instant since(boolean mayBeLate) {
            Instant settled = later(memory.settled(), created);
            Optional<Instant> unresolved = ledger.open()
                    .filter(claimed -> child(claimed).isEmpty())
                    .filter(claimed -> mayBeLate || claimed.equals(memory.claimed()));
            if (unresolved.isPresent()) {
                return later(settled, unresolved.get().minusSeconds(1));
            }
            return later(settled, ledger.settled(now));
        }

        private boolean isWanted() {
            switch (CronConditions.stops(cron, status, now)) {
                case When.Verdict.Invalid(var message) -> {
                    status = CronConditions.with(
                            status,
                            CronConditions.SPEC_ERROR,
                            "failed to check CronWorkflow '"
                                    + cron.getMetadata().getName() + "' stopping condition: " + message);
                    return false;
                }
                case When.Verdict.Decided(var stop)
                when stop -> {
                    complete();
                    return false;
                }
                case When.Verdict.Decided _ -> {
                    return isWantedByWhen();
                }
            }
        }

        private boolean isWantedByWhen() {
            return switch (CronConditions.when(cron, status, now)) {
                case When.Verdict.Decided(var run) -> run;
                case When.Verdict.Invalid(var message) -> {
                    status = CronConditions.with(
                                    status, CronConditions.SUBMISSION_ERROR, "run policy error: " + message)
                            .withFailed(status.failed() + 1);
                    yield false;
                }
            };
        }

        private Optional<Fire> unlessOverlapping(Instant due, boolean mayBeLate) {
            String policy = spec.concurrencyPolicy() == null ? "" : spec.concurrencyPolicy();
            boolean overlaps = !status.active().isEmpty();
            boolean decides = policy.equals("Forbid") || policy.equals("Replace");
            if (overlaps && decides && due.isAfter(memory.met())) {
                overlap = policy;
            }
            memory = memory.meet(due);
            if (overlaps && policy.equals("Forbid")) {
                memory = mayBeLate ? memory : memory.settle(due);
                return Optional.empty();
            }
            List<Child> replaced = policy.equals("Replace")
                    ? children.stream()
                            .filter(child -> child.isRunning() && !child.shutsDown())
                            .toList()
                    : List.of();
            return Optional.of(new Fire(due, replaced));
        }

        private Instant wake(List<CronSchedule> schedules) {
            Duration interval = status.active().isEmpty() ? IDLE : CHILDREN_INTERVAL;
            return schedules.stream()
                    .flatMap(schedule -> schedule.next(now).stream())
                    .reduce(now.plus(interval), (one, other) -> one.isBefore(other) ? one : other);
        }

        private List<Child> deletions() {
            List<Child> beyond = new ArrayList<>();
            Predicate<Child> succeeded = child -> child.phase() == WorkflowPhase.SUCCEEDED;
            beyond.addAll(beyond(succeeded, spec.successfulJobsHistoryLimit(), DEFAULT_SUCCESSFUL));
            beyond.addAll(beyond(succeeded.negate(), spec.failedJobsHistoryLimit(), DEFAULT_FAILED));
            return beyond;
        }

        private List<Child> beyond(Predicate<Child> which, @Nullable Integer limit, int fallback) {
            return children.stream()
                    .filter(child -> !child.isRunning())
                    .filter(which)
                    .sorted(Comparator.comparing((Child child) ->
                                    Optional.ofNullable(child.finishedAt()).orElse(Instant.EPOCH))
                            .reversed())
                    .skip(limit == null || limit < 0 ? fallback : limit)
                    .toList();
        }
    }
}
