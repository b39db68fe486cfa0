package io.tiphys.controller.shard;

import io.tiphys.messages.WorkflowCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A user's commands on one workflow: each takes effect once, and one that comes before the run does waits for it. */
final class CommandInbox {
    /** How long a command waits for a workflow that nobody can say anything about. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How many times as long it waits while what is needed to say so is away. */
    private static final int EXTENSIONS = 60;

    private static final int REMEMBERED = 200;

    private final Set<String> applied = new LinkedHashSet<>();
    private final List<ShardInput.CommandArrived> waiting = new ArrayList<>();
    private int extensions;

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

    /** Whether there are some that may wait once more. */
    boolean waitsOn() {
        extensions++;
        return hasWaiting() && extensions < EXTENSIONS;
    }

    /** The commands that waited, which they do no longer. */
    List<ShardInput.CommandArrived> takeWaiting() {
        List<ShardInput.CommandArrived> taken = List.copyOf(waiting);
        waiting.clear();
        extensions = 0;
        return taken;
    }
}
