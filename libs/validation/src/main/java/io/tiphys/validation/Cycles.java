package io.tiphys.validation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Cycles in a graph, without recursion: graphs may be long chains. */
final class Cycles {
    private record Step(String name, Iterator<String> next) {}

    private Cycles() {}

    /** A cycle, its first name repeated at the end, if there is one. Names without an entry have no successors. */
    static Optional<List<String>> find(Map<String, ? extends Collection<String>> successors) {
        Set<String> done = new HashSet<>();
        for (String start : successors.keySet()) {
            Deque<Step> path = new ArrayDeque<>();
            Set<String> onPath = new HashSet<>();
            enter(start, successors, path, onPath);
            while (!path.isEmpty()) {
                Step step = path.getLast();
                if (done.contains(step.name()) || !step.next().hasNext()) {
                    done.add(step.name());
                    onPath.remove(step.name());
                    path.removeLast();
                    continue;
                }
                String next = step.next().next();
                if (onPath.contains(next)) {
                    return Optional.of(cycle(path, next));
                }
                if (!done.contains(next)) {
                    enter(next, successors, path, onPath);
                }
            }
        }
        return Optional.empty();
    }

    private static void enter(
            String name, Map<String, ? extends Collection<String>> successors, Deque<Step> path, Set<String> onPath) {
        Collection<String> next = successors.get(name);
        path.addLast(new Step(name, (next == null ? List.<String>of() : next).iterator()));
        onPath.add(name);
    }

    private static List<String> cycle(Deque<Step> path, String start) {
        List<String> cycle = new ArrayList<>();
        path.stream().map(Step::name).dropWhile(name -> !name.equals(start)).forEach(cycle::add);
        cycle.add(start);
        return cycle;
    }
}
