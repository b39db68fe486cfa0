package io.tiphys.engine.dag;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.DagState;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.DagPlan;
import io.tiphys.engine.definition.Loop;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.hook.HookMachine;
import io.tiphys.engine.launch.Boundaries;
import io.tiphys.engine.launch.Call;
import io.tiphys.engine.launch.Conditions;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.launch.Launcher;
import io.tiphys.engine.launch.Portions;
import io.tiphys.engine.launch.Slots;
import io.tiphys.engine.loop.Items;
import io.tiphys.engine.loop.LoopMachine;
import io.tiphys.engine.scope.BoundaryScope;
import io.tiphys.expression.Depends;
import io.tiphys.expression.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The node of a dag template: starts tasks as they become ready, ends when none is left that runs or could. */
public final class DagMachine {
    private DagMachine() {}

    public static void attend(Draft draft, Node dag) {
        CompiledTemplate template = dag.template();
        Family family = dag.family();
        DagState state = family == null ? null : family.dag();
        if (template == null || family == null || state == null || dag.isFinal()) {
            return;
        }
        DagPlan plan = template.dag();
        String problem = plan.problem() != null ? plan.problem() : DagTargets.problem(dag, plan);
        if (problem != null) {
            Boundaries.finish(draft, dag, NodePhase.ERROR, problem);
            return;
        }
        boolean ended = Launcher.refusal(draft.run(), dag.isOnExit()) != null
                && draft.run().shutdown() != null;
        if (Slots.failedFast(dag)) {
            if (family.open() == 0) {
                Boundaries.finish(draft, dag, NodePhase.FAILED, Boundaries.FAILED_FAST);
            }
        } else if (ended) {
            if (family.open() == 0) {
                Boundaries.finish(draft, dag, NodePhase.FAILED, null);
            }
        } else if (state.hasReady()) {
            start(draft, dag, template, state);
        } else if (family.open() == 0) {
            NodePhase phase = DagPhase.of(dag, plan, state);
            String hookProblem = hookProblem(draft, dag, plan);
            if (hookProblem != null) {
                Boundaries.finish(draft, dag, NodePhase.ERROR, Faults.told(dag, hookProblem));
            } else if (phase == NodePhase.SUCCEEDED) {
                Boundaries.succeed(draft, dag, template);
            } else {
                Boundaries.finish(draft, dag, phase, null);
            }
        }
    }

    private static @Nullable String hookProblem(Draft draft, Node dag, DagPlan plan) {
        for (int i = 0; i < plan.tasks().size(); i++) {
            Node task = plan.tasks().get(i).hooks().isEmpty() ? null : dag.unitNode(i);
            String problem = task == null ? null : HookMachine.problem(draft, task);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static void start(Draft draft, Node dag, CompiledTemplate template, DagState state) {
        Scope scope = BoundaryScope.of(draft.run(), dag);
        int left = state.readyCount();
        for (int task = state.nextReady(0); task >= 0; task = state.nextReady(task + 1)) {
            if (Portions.isFull(draft, dag, left--)) {
                Portions.goOnLater(draft, dag);
                return;
            }
            if (!startTask(draft, dag, template, task, scope)) {
                return;
            }
        }
    }

    /** False if there's no slot for it. */
    private static boolean startTask(Draft draft, Node dag, CompiledTemplate template, int index, Scope scope) {
        DagPlan plan = template.dag();
        Unit task = plan.tasks().get(index);
        Call call = new Call(
                dag,
                dag,
                Origin.of(Origin.Kind.TASK, index),
                task.callee(),
                task.name(),
                task.arguments(),
                scope,
                dag.isOnExit());
        Depends depends = plan.depends(index);
        if (depends != null && !depends.holds(name -> TaskResults.of(dag.unitNode(plan.indexOf(name))))) {
            Launcher.addEnded(draft, call, NodePhase.OMITTED, "omitted: depends condition not met");
            return true;
        }
        Loop loop = task.loop();
        if (loop != null) {
            startLoop(draft, dag, template, task, loop, call);
            return true;
        }
        Conditions.Verdict verdict = Conditions.evaluate(task.when(), scope);
        if (verdict instanceof Conditions.Verdict.Go) {
            Event.Slot missing = Slots.missing(draft, dag);
            if (missing != null) {
                draft.add(new Event.NodeBlocked(dag.seq(), missing));
                return false;
            }
        }
        Conditions.launch(draft, call, verdict);
        return true;
    }

    private static void startLoop(Draft draft, Node dag, CompiledTemplate template, Unit task, Loop loop, Call call) {
        switch (LoopMachine.items(dag, template.ordinal(task), task, loop, call.scope())) {
            case Items.Outcome.Problem(var message, var _) -> Launcher.addEnded(draft, call, NodePhase.ERROR, message);
            case Items.Outcome.Expanded(List<JsonNode> items) -> {
                if (items.isEmpty()) {
                    Launcher.addEnded(draft, call, NodePhase.SKIPPED, "Skipped, empty params");
                } else {
                    draft.add(new Event.NodeAdded(
                            draft.nextSeq(),
                            dag.seq(),
                            dag.seq(),
                            call.origin(),
                            NodeType.TASK_GROUP,
                            NodePhase.RUNNING,
                            null,
                            (@Nullable String) null,
                            null,
                            dag.isOnExit(),
                            draft.at()));
                }
            }
        }
    }
}
