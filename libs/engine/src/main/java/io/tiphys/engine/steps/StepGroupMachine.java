package io.tiphys.engine.steps;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.NodePhase;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Loop;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.hook.HookMachine;
import io.tiphys.engine.launch.Boundaries;
import io.tiphys.engine.launch.Call;
import io.tiphys.engine.launch.Conditions;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.launch.Launcher;
import io.tiphys.engine.launch.Slots;
import io.tiphys.engine.loop.Items;
import io.tiphys.engine.loop.LoopMachine;
import io.tiphys.engine.scope.BoundaryScope;
import io.tiphys.expression.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One group of steps: makes its children in order, as slots allow, then waits for all of them. */
public final class StepGroupMachine {
    private static final String UNRESOLVED = "failed to resolve references: ";

    private StepGroupMachine() {}

    public static void attend(Draft draft, Node group) {
        Node steps = group.parent();
        CompiledTemplate template = steps == null ? null : steps.template();
        if (steps == null || template == null || group.isFinal() || steps.isFinal()) {
            return;
        }
        if (!group.hasAllChildren()) {
            if (Slots.failedFast(steps)) {
                stopFast(draft, steps, group);
            } else {
                make(draft, steps, group, template);
            }
        } else if (group.family() == null || group.family().open() == 0) {
            complete(draft, steps, group);
        }
    }

    private static void make(Draft draft, Node steps, Node group, CompiledTemplate template) {
        Scope scope = BoundaryScope.of(draft.run(), steps);
        List<Unit> units = template.groups().get(group.origin().index());
        Family family = group.family();
        int item = family == null || group.isReopened() ? 0 : family.nextItem();
        int first = family == null || group.isReopened() ? 0 : family.nextUnit();
        String problem = first == 0 && item == 0 ? problem(steps, template, units, scope) : null;
        if (problem != null) {
            draft.add(new Event.NodePhaseChanged(group.seq(), NodePhase.ERROR, problem, draft.at()));
            return;
        }
        for (int i = first; i < units.size(); i++) {
            Unit unit = units.get(i);
            if (group.isReopened() && steps.unitNode(template.ordinal(unit)) != null) {
                continue;
            }
            LoopMachine.Progress progress = unit.loop() == null
                    ? single(draft, steps, group, unit, scope)
                    : loop(draft, steps, group, template, unit, unit.loop(), item, scope);
            item = 0;
            if (progress == LoopMachine.Progress.BLOCKED) {
                return;
            }
            if (progress == LoopMachine.Progress.INVALID) {
                break;
            }
        }
        draft.add(new Event.ChildrenComplete(group.seq()));
    }

    /** What makes no sense before any step begins: Argo looks through the whole group first, and none of its steps gets a node. */
    private static @Nullable String problem(Node steps, CompiledTemplate template, List<Unit> units, Scope scope) {
        for (Unit unit : units) {
            String unresolved = unit.loop() == null ? unresolved(unit, scope) : null;
            if (unresolved != null) {
                return UNRESOLVED + unresolved;
            }
        }
        for (Unit unit : units) {
            if (unit.loop() != null
                    && LoopMachine.items(steps, template.ordinal(unit), unit, unit.loop(), scope)
                            instanceof Items.Outcome.Problem(var message, var unresolved)) {
                return unresolved ? UNRESOLVED + message : message;
            }
        }
        return null;
    }

    private static @Nullable String unresolved(Unit unit, Scope scope) {
        return switch (Conditions.evaluate(unit.when(), scope)) {
            case Conditions.Verdict.Invalid(var message) -> message;
            case Conditions.Verdict.Skip _ -> null;
            case Conditions.Verdict.Go _ -> ArgumentCheck.problem(unit.arguments(), scope);
        };
    }

    private static LoopMachine.Progress single(Draft draft, Node steps, Node group, Unit unit, Scope scope) {
        Conditions.Verdict verdict = Conditions.evaluate(unit.when(), scope);
        if (verdict instanceof Conditions.Verdict.Go) {
            Event.Slot missing = Slots.missing(draft, steps);
            if (missing != null) {
                draft.add(new Event.NodeBlocked(group.seq(), missing));
                return LoopMachine.Progress.BLOCKED;
            }
        }
        return Conditions.launch(draft, call(steps, group, unit, scope), verdict)
                ? LoopMachine.Progress.DONE
                : LoopMachine.Progress.INVALID;
    }

    private static LoopMachine.Progress loop(
            Draft draft,
            Node steps,
            Node group,
            CompiledTemplate template,
            Unit unit,
            Loop loop,
            int from,
            Scope scope) {
        switch (LoopMachine.items(steps, template.ordinal(unit), unit, loop, scope)) {
            case Items.Outcome.Problem(var message, var _) -> {
                Launcher.addEnded(draft, call(steps, group, unit, scope), NodePhase.ERROR, message);
                return LoopMachine.Progress.INVALID;
            }
            case Items.Outcome.Expanded(List<JsonNode> items) -> {
                if (items.isEmpty()) {
                    Launcher.addEnded(
                            draft, call(steps, group, unit, scope), NodePhase.SKIPPED, "Skipped, empty params");
                    return LoopMachine.Progress.DONE;
                }
                return LoopMachine.make(draft, group, steps, unit, items, from, scope);
            }
        }
    }

    private static Call call(Node steps, Node group, Unit unit, Scope scope) {
        return new Call(
                group,
                steps,
                Origin.of(Origin.Kind.STEP, unit.index()),
                unit.callee(),
                unit.name(),
                unit.arguments(),
                scope,
                steps.isOnExit());
    }

    private static void complete(Draft draft, Node steps, Node group) {
        Family family = group.family();
        Node handedOn = family == null || family.lastFailed() < 0 ? null : handedOn(group);
        Node failed = family == null ? null : draft.run().at(family.firstFailed());
        String hookProblem = hookProblem(draft, group);
        if (hookProblem != null) {
            draft.add(new Event.NodePhaseChanged(group.seq(), NodePhase.ERROR, hookProblem, draft.at()));
        } else if (handedOn != null) {
            boolean late = Faults.isTimeout(handedOn);
            draft.add(new Event.NodePhaseChanged(
                    group.seq(),
                    late ? NodePhase.FAILED : NodePhase.ERROR,
                    late ? Faults.TIMEOUT : errorOf(handedOn),
                    draft.at()));
        } else if (Slots.failedFast(steps)) { // Argo: whatever continueOn says
            draft.add(new Event.NodePhaseChanged(group.seq(), NodePhase.FAILED, Boundaries.FAILED_FAST, draft.at()));
        } else if (failed == null) {
            draft.add(new Event.NodePhaseChanged(group.seq(), NodePhase.SUCCEEDED, null, draft.at()));
        } else {
            draft.add(new Event.NodePhaseChanged(
                    group.seq(), NodePhase.FAILED, "child '" + failed.id() + "' failed", draft.at()));
        }
    }

    private static @Nullable String hookProblem(Draft draft, Node group) {
        Node steps = group.parent();
        CompiledTemplate template = steps == null ? null : steps.template();
        boolean anyHooks = template != null
                && template.groups().get(group.origin().index()).stream()
                        .anyMatch(unit -> !unit.hooks().isEmpty());
        return anyHooks ? firstProblem(draft, group.members()) : null;
    }

    private static @Nullable String firstProblem(Draft draft, List<Node> children) {
        for (Node child : children) {
            String problem = HookMachine.problem(draft, child);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    /** Argo: what couldn't be carried out is the group's error at once, whatever else failed and whatever continueOn says. */
    private static @Nullable Node handedOn(Node group) {
        for (Node child : group.members()) {
            if (Faults.isFault(child) || Faults.isTimeout(child)) {
                return child;
            }
        }
        return null;
    }

    /** A step that couldn't be carried out is its group's error. */
    private static String errorOf(Node failed) {
        Node last = failed.family() == null ? null : failed.family().lastAttempt();
        String own = failed.message() == null && last != null ? last.message() : failed.message();
        String message = own == null ? "" : own;
        boolean ofCondition = message.contains("'when' expr") || message.startsWith("Expected boolean evaluation");
        return ofCondition ? message : Faults.ofChild(failed, message);
    }

    private static void stopFast(Draft draft, Node steps, Node group) {
        Family family = group.family();
        if (family == null || family.open() == 0) {
            draft.add(new Event.NodePhaseChanged(group.seq(), NodePhase.FAILED, Boundaries.FAILED_FAST, draft.at()));
            Boundaries.finish(draft, steps, NodePhase.FAILED, Boundaries.FAILED_FAST);
        }
    }
}
