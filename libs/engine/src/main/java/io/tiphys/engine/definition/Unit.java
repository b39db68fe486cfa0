package io.tiphys.engine.definition;

import io.tiphys.api.ContinueOn;
import io.tiphys.api.DAGTask;
import io.tiphys.api.WorkflowStep;
import io.tiphys.expression.CompiledText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step or one task, compiled: what to run, with what, when, how often.
 *
 * @param index position within its step group or its dag
 * @param group index of its step group; -1 for a task
 * @param hooks lifecycle hooks including the one named {@code exit}
 * @param resultUsed somebody in the enclosing template reads its {@code outputs.result}
 */
public record Unit(
        int index,
        int group,
        String name,
        Callee callee,
        CompiledArguments arguments,
        @Nullable CompiledText when,
        @Nullable Loop loop,
        boolean continueOnFailed,
        boolean continueOnError,
        List<Hook> hooks,
        boolean resultUsed) {

    /** @param ofWorkflow its arguments, which exit hooks without their own get */
    static Unit of(int group, int index, WorkflowStep step, boolean resultUsed, CompiledArguments ofWorkflow) {
        String name = step.name() == null ? "" : step.name();
        ContinueOn on = step.continueOn();
        return new Unit(
                index,
                group,
                name,
                Callee.of(step.template(), step.templateRef(), step.inline()),
                CompiledArguments.of(step.arguments()),
                when(step.when()),
                Loop.of(step.withItems(), step.withParam(), step.withSequence()),
                on != null && on.failed(),
                on != null && on.error(),
                Hook.of(step.hooks(), step.onExit(), ofWorkflow),
                resultUsed);
    }

    /** @param ofWorkflow its arguments, which exit hooks without their own get */
    static Unit of(int index, DAGTask task, boolean resultUsed, CompiledArguments ofWorkflow) {
        ContinueOn on = task.continueOn();
        return new Unit(
                index,
                -1,
                task.name(),
                Callee.of(task.template(), task.templateRef(), task.inline()),
                CompiledArguments.of(task.arguments()),
                when(task.when()),
                Loop.of(task.withItems(), task.withParam(), task.withSequence()),
                on != null && on.failed(),
                on != null && on.error(),
                Hook.of(task.hooks(), task.onExit(), ofWorkflow),
                resultUsed);
    }

    public boolean isTask() {
        return group < 0;
    }

    public boolean hasHooks() {
        return !hooks.isEmpty();
    }

    private static @Nullable CompiledText when(@Nullable String when) {
        return when == null || when.isEmpty() ? null : CompiledText.compile(when);
    }
}
