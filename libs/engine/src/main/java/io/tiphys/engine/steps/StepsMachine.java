package io.tiphys.engine.steps;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.launch.Boundaries;
import org.jspecify.annotations.Nullable;

/** The node of a steps template: {@code Running} until its last group is done or one fails. */
public final class StepsMachine {
    private StepsMachine() {}

    public static void attend(Draft draft, Node steps) {
        CompiledTemplate template = steps.template();
        if (template == null || steps.isFinal()) {
            return;
        }
        Family family = steps.family();
        Node group = family == null ? null : family.lastGroup();
        if (group == null) {
            addGroup(draft, steps, 0);
        } else if (!group.isFinal()) {
            return;
        } else if (group.phase().isFailedOrError()) {
            Boundaries.finish(draft, steps, NodePhase.FAILED, group.message());
        } else if (group.origin().index() + 1 < template.groups().size()) {
            addGroup(draft, steps, group.origin().index() + 1);
        } else {
            Boundaries.succeed(draft, steps, template);
        }
    }

    private static void addGroup(Draft draft, Node steps, int index) {
        draft.add(new Event.NodeAdded(
                draft.nextSeq(),
                steps.seq(),
                steps.seq(),
                Origin.of(Origin.Kind.STEP_GROUP, index),
                NodeType.STEP_GROUP,
                NodePhase.RUNNING,
                null,
                (@Nullable String) null,
                null,
                steps.isOnExit(),
                draft.at()));
    }
}
