package io.tiphys.engine;

import java.util.List;

/**
 * What one input did to a run, everything that follows from it included.
 *
 * @param events the facts, already applied
 * @param commands to be carried out once the changes are journaled
 * @param changedNodes nodes whose {@link NodeRecord} is to be written, in this order (youngest first), so that a write that is
 *     cut off leaves nobody who counts on a child that isn't there; the run's own record comes last
 * @param removedNodeIds nodes whose record is to be deleted
 * @param runChanged whether the {@link RunRecord} is to be written
 */
public record Transition(
        List<Event> events,
        List<Command> commands,
        List<Node> changedNodes,
        List<String> removedNodeIds,
        boolean runChanged) {

    public boolean isEmpty() {
        return events.isEmpty() && commands.isEmpty();
    }
}
