package io.tiphys.engine;

import io.tiphys.engine.command.InputRouter;
import io.tiphys.engine.command.NodeLimit;
import io.tiphys.engine.command.WorkRouter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The state machine of a workflow. Stateless; everything it needs comes with its arguments.
 *
 * <p>An input is decided one step deep; what its facts bring about waits in the run's work list, and {@link #step} goes on
 * until the list is empty. So nothing recurses over the tree, and what an input costs depends on what it changes.
 */
public final class Engine {
    private Engine() {}

    /** Decides what an input means, one step deep; changes nothing. */
    public static Decision decide(Run run, Input input) {
        Draft draft = new Draft(run, input.at());
        InputRouter.decide(draft, input);
        return draft.exceedsLimit() ? exceeded(new Draft(run, input.at())) : draft.decision();
    }

    /** Decides what the head of the work list needs; {@link Decision#NOTHING} when there is no work. */
    public static Decision decideNext(Run run, Instant at) {
        Node head = run.head();
        if (head == null && !(run.selfQueued && !run.isPaused())) {
            return Decision.NOTHING;
        }
        Draft draft = new Draft(run, at);
        Event.Attended attended = new Event.Attended(head == null ? -1 : head.seq);
        draft.add(attended);
        if (head == null) {
            WorkRouter.attendWorkflow(draft);
        } else {
            WorkRouter.attend(draft, head);
        }
        if (draft.exceedsLimit()) {
            Draft instead = new Draft(run, at);
            instead.add(attended);
            return exceeded(instead);
        }
        return draft.decision();
    }

    private static Decision exceeded(Draft draft) {
        NodeLimit.exceeded(draft);
        return draft.decision();
    }

    /** Applies a fact. Never decides, so that a replay can't disagree. */
    public static void evolve(Run run, Event event) {
        Evolution.apply(run, event);
    }

    /** Decides and applies an input and all that follows from it. */
    public static Transition step(Run run, Input input) {
        List<Event> events = new ArrayList<>();
        List<Command> commands = new ArrayList<>();
        begin(run, input.at());
        carryOut(run, decide(run, input), events, commands);
        return finish(run, input.at(), events, commands);
    }

    /** After {@link Run#restore}: what a lost tail of the journal would have held is decided anew. */
    public static Transition resume(Run run, Instant at) {
        begin(run, at);
        return finish(run, at, new ArrayList<>(), new ArrayList<>());
    }

    private static void begin(Run run, Instant at) {
        run.observedAt = at;
        for (Node node : run.dirtyNodes) {
            node.dirty = false;
        }
        run.dirtyNodes.clear();
        run.removedIds.clear();
        run.selfDirty = false;
    }

    private static void carryOut(Run run, Decision decision, List<Event> events, List<Command> commands) {
        for (Event event : decision.events()) {
            Evolution.apply(run, event);
        }
        events.addAll(decision.events());
        commands.addAll(decision.commands());
    }

    private static Transition finish(Run run, Instant at, List<Event> events, List<Command> commands) {
        Decision next = decideNext(run, at);
        while (!next.isEmpty()) {
            carryOut(run, next, events, commands);
            next = decideNext(run, at);
        }
        List<Node> changed = new ArrayList<>(run.dirtyNodes);
        changed.removeIf(node -> run.at(node.seq) != node);
        // children before those who count on them: what a cut-off write leaves behind can then be taken up again
        changed.sort(Comparator.comparingInt(Node::seq).reversed());
        return new Transition(events, commands, changed, List.copyOf(run.removedIds), run.selfDirty);
    }
}
