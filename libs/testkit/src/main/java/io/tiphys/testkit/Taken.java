package io.tiphys.testkit;

import io.tiphys.api.NodePhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Transition;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * The transitions of the engine: those that are declared, and those that scenarios of this process have taken. A kind of input, event or
 * command is declared by being one; a change of a node's phase by standing in the table here.
 */
public final class Taken {
    private static final Set<String> TAKEN = new ConcurrentSkipListSet<>();

    /** From which phase a node may go to which. */
    private static final Map<NodePhase, List<NodePhase>> PHASES = Map.of(
            NodePhase.PENDING,
            List.of(NodePhase.RUNNING, NodePhase.SUCCEEDED, NodePhase.FAILED, NodePhase.ERROR),
            NodePhase.RUNNING,
            List.of(NodePhase.RUNNING, NodePhase.SUCCEEDED, NodePhase.FAILED, NodePhase.ERROR));

    private final Map<Integer, NodePhase> phases = new HashMap<>();

    /** Notes what a step of this run has taken. */
    void note(Input input, Transition transition) {
        TAKEN.add(name("input", input.getClass()));
        transition.commands().forEach(command -> TAKEN.add(name("command", command.getClass())));
        for (Event event : transition.events()) {
            TAKEN.add(name("event", event.getClass()));
            switch (event) {
                case Event.NodeAdded added -> phases.put(added.node(), added.phase());
                case Event.NodePhaseChanged(var node, var phase, var _, var _) -> {
                    NodePhase before = phases.put(node, phase);
                    if (before != null) {
                        TAKEN.add(phase(before, phase));
                    }
                }
                case Event.NodeReopened(var node, var _) -> phases.put(node, NodePhase.RUNNING);
                case Event.PodRestarted(var node, var _, var _, var _) -> phases.put(node, NodePhase.PENDING);
                default -> {}
            }
        }
    }

    /** All that there is to take, by name. */
    public static Set<String> declared() {
        Set<String> declared = new TreeSet<>();
        leaves(Input.class).forEach(type -> declared.add(name("input", type)));
        leaves(Event.class).forEach(type -> declared.add(name("event", type)));
        leaves(Command.class).forEach(type -> declared.add(name("command", type)));
        PHASES.forEach((from, next) -> next.forEach(to -> declared.add(phase(from, to))));
        return declared;
    }

    /** What was taken so far. */
    public static Set<String> soFar() {
        return new TreeSet<>(TAKEN);
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(Taken::leaves) : Stream.of(type);
    }

    private static String name(String kind, Class<?> type) {
        return kind + " " + type.getSimpleName();
    }

    private static String phase(NodePhase from, NodePhase to) {
        return "phase " + from.json() + " to " + to.json();
    }
}
