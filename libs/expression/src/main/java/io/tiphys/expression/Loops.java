package io.tiphys.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The built-ins that run a predicate over a list. */
final class Loops {
    private final Evaluator evaluator;

    Loops(Evaluator evaluator) {
        this.evaluator = evaluator;
    }

    @Nullable
    Object run(Node.Loop loop) {
        List<?> elements = elements(evaluator.evaluate(loop.over()), loop.kind());
        Object extra =
                loop.kind() == Node.LoopKind.SORT_BY && loop.extra() != null ? evaluator.evaluate(loop.extra()) : null;
        Object initial =
                loop.kind() == Node.LoopKind.REDUCE && loop.extra() != null ? evaluator.evaluate(loop.extra()) : null;
        Evaluator.Frame frame = evaluator.enter();
        try {
            return switch (loop.kind()) {
                case ALL -> first(frame, elements, loop, false, false) < 0;
                case NONE -> first(frame, elements, loop, true, false) < 0;
                case ANY -> first(frame, elements, loop, true, false) >= 0;
                case ONE -> matching(frame, elements, loop).size() == 1;
                case FILTER -> matching(frame, elements, loop);
                case COUNT -> (long) matching(frame, elements, loop).size();
                case MAP -> mapped(frame, elements, loop);
                case SUM -> sum(loop.body() == null ? elements : mapped(frame, elements, loop));
                case FIND -> at(elements, first(frame, elements, loop, true, false));
                case FIND_INDEX -> index(first(frame, elements, loop, true, false));
                case FIND_LAST -> at(elements, first(frame, elements, loop, true, true));
                case FIND_LAST_INDEX -> index(first(frame, elements, loop, true, true));
                case GROUP_BY -> grouped(frame, elements, loop);
                case SORT_BY -> sorted(frame, elements, loop, extra);
                case REDUCE -> reduced(frame, elements, loop, initial);
            };
        } finally {
            evaluator.leave(frame);
        }
    }

    private static List<?> elements(@Nullable Object over, Node.LoopKind kind) {
        return switch (over) {
            case List<?> list -> list;
            case Map<?, ?> map -> new ArrayList<>((Collection<?>) map.values());
            case null, default ->
                throw new ExprProblem("builtin " + kind.word + " takes only array (got " + Values.typeName(over) + ")");
        };
    }

    private @Nullable Object body(Evaluator.Frame frame, List<?> elements, int index, Node.Loop loop) {
        frame.element = elements.get(index);
        frame.index = index;
        return loop.body() == null ? frame.element : evaluator.evaluate(loop.body());
    }

    private boolean holds(Evaluator.Frame frame, List<?> elements, int index, Node.Loop loop) {
        if (body(frame, elements, index, loop) instanceof Boolean bool) {
            return bool;
        }
        throw new ExprProblem("predicate should return boolean (got " + Values.typeName(frame.element) + ")");
    }

    /** The first (or last) index whose predicate is {@code wanted}, or -1. */
    private int first(Evaluator.Frame frame, List<?> elements, Node.Loop loop, boolean wanted, boolean fromEnd) {
        int size = elements.size();
        for (int i = 0; i < size; i++) {
            int index = fromEnd ? size - 1 - i : i;
            if (holds(frame, elements, index, loop) == wanted) {
                return index;
            }
        }
        return -1;
    }

    private static @Nullable Object index(int index) {
        return index < 0 ? null : (Object) (long) index;
    }

    private static @Nullable Object at(List<?> elements, int index) {
        return index < 0 ? null : elements.get(index);
    }

    private List<@Nullable Object> matching(Evaluator.Frame frame, List<?> elements, Node.Loop loop) {
        List<@Nullable Object> matching = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            if (holds(frame, elements, i, loop)) {
                matching.add(elements.get(i));
            }
        }
        evaluator.budget().elements(matching.size());
        return matching;
    }

    private List<@Nullable Object> mapped(Evaluator.Frame frame, List<?> elements, Node.Loop loop) {
        evaluator.budget().elements(elements.size());
        List<@Nullable Object> mapped = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            mapped.add(body(frame, elements, i, loop));
        }
        return mapped;
    }

    private static Object sum(List<?> values) {
        Object sum = 0L;
        for (Object value : values) {
            sum = Values.arithmetic(Operator.PLUS, sum, value);
        }
        return sum;
    }

    private Map<@Nullable Object, List<@Nullable Object>> grouped(
            Evaluator.Frame frame, List<?> elements, Node.Loop loop) {
        evaluator.budget().elements(elements.size());
        Map<@Nullable Object, List<@Nullable Object>> groups = new AnyKeyedMap<>();
        for (int i = 0; i < elements.size(); i++) {
            Object key = AnyKeyedMap.key(body(frame, elements, i, loop));
            groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(elements.get(i));
        }
        return groups;
    }

    private List<?> sorted(Evaluator.Frame frame, List<?> elements, Node.Loop loop, @Nullable Object order) {
        List<@Nullable Object> keys = mapped(frame, elements, loop);
        int direction = Lists.direction(order);
        return IntStream.range(0, elements.size())
                .boxed()
                .sorted((a, b) -> direction * Values.compare(keys.get(a), keys.get(b), "<"))
                .<@Nullable Object>map(elements::get)
                .toList();
    }

    private @Nullable Object reduced(
            Evaluator.Frame frame, List<?> elements, Node.Loop loop, @Nullable Object initial) {
        int start = 0;
        frame.accumulator = initial;
        if (loop.extra() == null) {
            if (elements.isEmpty()) {
                throw new ExprProblem("reduce of empty array with no initial value");
            }
            frame.accumulator = elements.getFirst();
            start = 1;
        }
        for (int i = start; i < elements.size(); i++) {
            frame.accumulator = body(frame, elements, i, loop);
        }
        return frame.accumulator;
    }
}
