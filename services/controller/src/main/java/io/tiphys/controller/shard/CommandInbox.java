package io.tiphys.controller.shard;

import io.tiphys.messages.WorkflowCommand;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A user's commands on one workflow: each takes effect once, and one that comes before the run does waits for it. */
final class CommandInbox {
    private static final int REMEMBERED = 200;

    private final Set<String> applied = new LinkedHashSet<>();
    private final List<ShardInput.CommandArrived> waiting = new ArrayList<>();

    boolean isApplied(WorkflowCommand command) {
        return applied.contains(command.id());
    }

    void applied(WorkflowCommand command) {
        applied.add(command.id());
        while (applied.size() > REMEMBERED) {
            applied.remove(applied.iterator().next());
        }
    }

    /** Ids of the commands that are in effect, oldest first. */
    Collection<String> applied() {
        return applied;
    }

    void restore(Collection<String> appliedIds) {
        applied.addAll(appliedIds);
    }

    /** Copies wait side by side: each is a record of its own, that must be dealt with. */
    void park(ShardInput.CommandArrived arrived) {
        waiting.add(arrived);
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** The commands that waited, which they do no longer. */
    List<ShardInput.CommandArrived> takeWaiting() {
        List<ShardInput.CommandArrived> taken = List.copyOf(waiting);
        waiting.clear();
        return taken;
    }
}
