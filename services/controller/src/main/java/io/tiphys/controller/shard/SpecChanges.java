package io.tiphys.controller.shard;

import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.Input;
import io.tiphys.engine.RunRecord;
import io.tiphys.engine.Shutdown;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a user's edit of a running workflow's spec asks for: {@code shutdown}, {@code suspend}, {@code activeDeadlineSeconds}
 * and {@code parallelism} count; the rest of the spec is frozen when the workflow starts.
 */
final class SpecChanges {
    private SpecChanges() {}

    /**
     * Empty if the run goes by the spec already.
     *
     * @param edited as its user has it now
     */
    static List<Input> inputs(Active running, WorkflowSpec edited, Policies policies, Instant now) {
        WorkflowSpec atStart = running.definition().workflow().getSpec();
        Optional<String> refusal = policies.restrictions().refusal(atStart, edited);
        if (refusal.isPresent()) {
            return List.of(new Input.Rejected(WorkflowPhase.ERROR, refusal.get(), now));
        }
        WorkflowSpec wanted = policies.defaults().on(edited);
        RunRecord record = running.run().record();
        List<Input> inputs = new ArrayList<>();
        Shutdown shutdown = Shutdown.of(wanted.shutdown());
        if (shutdown != null && shutdown != record.shutdown()) {
            inputs.add(new Input.ShutdownRequested(shutdown, now));
        }
        limits(running, wanted, record, now).ifPresent(inputs::add);
        boolean suspend = Boolean.TRUE.equals(wanted.suspend());
        if (suspend != record.suspended()) {
            inputs.add(suspend ? new Input.SuspendRequested(now) : new Input.SuspendCleared(now));
        }
        return inputs;
    }

    /** Limits that were edited since the start count; those that weren't stay what template and defaults made them. */
    private static Optional<Input> limits(Active running, WorkflowSpec wanted, RunRecord record, Instant now) {
        WorkflowSpec atStart = running.definition().workflow().getSpec();
        Long deadline = Objects.equals(wanted.activeDeadlineSeconds(), atStart.activeDeadlineSeconds())
                ? running.spec().activeDeadlineSeconds()
                : wanted.activeDeadlineSeconds();
        Long parallelism = Objects.equals(wanted.parallelism(), atStart.parallelism())
                ? running.spec().parallelism()
                : wanted.parallelism();
        boolean same = Objects.equals(deadline, record.activeDeadlineSeconds())
                && Objects.equals(parallelism, record.parallelism());
        if (same) {
            return Optional.empty();
        }
        Integer slots = parallelism == null ? null : (Integer) (int) Math.min(parallelism, Integer.MAX_VALUE);
        return Optional.of(new Input.SpecChanged(deadline, slots, now));
    }
}
