package io.tiphys.engine.launch;

import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import org.jspecify.annotations.Nullable;

/** Limits of parallelism: pods of the workflow, active children of a steps or dag node. */
public final class Slots {
    private Slots() {}

    /** Whose limit keeps one more child of this boundary from starting; null for nobody's. */
    public static Event.@Nullable Slot missing(Draft draft, @Nullable Node boundary) {
        if (boundary != null && Launcher.refusal(draft.run(), boundary.isOnExit()) != null) {
            return null; // what ends before it begins needs no slot
        }
        Long limit = draft.run().parallelism();
        if (limit != null && draft.run().activePods() + draft.pods() >= limit) {
            return Event.Slot.WORKFLOW;
        }
        CompiledTemplate template = boundary == null ? null : boundary.template();
        Long own = template == null ? null : template.parallelism();
        Family family = boundary == null ? null : boundary.family();
        if (own != null && (family == null ? 0 : family.active()) + draft.active() >= own) {
            return Event.Slot.BOUNDARY;
        }
        return null;
    }

    /** Whether this boundary makes no more children because one failed: {@code failFast} along with {@code parallelism}. */
    public static boolean failedFast(Node boundary) {
        CompiledTemplate template = boundary.template();
        Family family = boundary.family();
        return template != null && template.failFast() && family != null && family.failures() > 0;
    }
}
