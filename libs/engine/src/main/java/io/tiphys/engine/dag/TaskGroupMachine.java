package io.tiphys.engine.dag;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.NodePhase;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Loop;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.launch.Slots;
import io.tiphys.engine.loop.Items;
import io.tiphys.engine.loop.LoopMachine;
import io.tiphys.engine.scope.BoundaryScope;
import io.tiphys.expression.Scope;
import java.util.List;

/** The node of an expanded task: makes its items, waits for them, and has the phase of the last one that failed. */
public final class TaskGroupMachine {
    private TaskGroupMachine() {}

    public static void attend(Draft draft, Node group) {
        Node dag = group.boundary();
        CompiledTemplate template = dag == null ? null : dag.template();
        Unit task = group.unit();
        Loop loop = task == null ? null : task.loop();
        if (dag == null || template == null || task == null || loop == null || group.isFinal() || dag.isFinal()) {
            return;
        }
        Family family = group.family();
        boolean idle = family == null || family.open() == 0;
        if (!group.hasAllChildren() && !Slots.failedFast(dag)) {
            make(draft, group, dag, template, task, loop);
        } else if (idle) {
            Node failed = family == null ? null : draft.run().at(family.lastFailed());
            draft.add(new Event.NodePhaseChanged(
                    group.seq(), failed == null ? NodePhase.SUCCEEDED : failed.phase(), null, draft.at()));
        }
    }

    private static void make(Draft draft, Node group, Node dag, CompiledTemplate template, Unit task, Loop loop) {
        Scope scope = BoundaryScope.of(draft.run(), dag);
        switch (LoopMachine.items(dag, template.ordinal(task), task, loop, scope)) {
            case Items.Outcome.Problem(var message, var _) ->
                draft.add(new Event.NodePhaseChanged(group.seq(), NodePhase.ERROR, message, draft.at()));
            case Items.Outcome.Expanded(List<JsonNode> items) -> {
                Family family = group.family();
                int from = family == null ? 0 : family.nextItem();
                if (LoopMachine.make(draft, group, dag, task, items, from, scope) != LoopMachine.Progress.BLOCKED) {
                    draft.add(new Event.ChildrenComplete(group.seq()));
                }
            }
        }
    }
}
