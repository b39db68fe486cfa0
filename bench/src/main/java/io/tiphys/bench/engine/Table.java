package io.tiphys.bench.engine;

import io.tiphys.engine.definition.WorkflowDefinition;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Measures shapes in all sizes, a line each. */
public final class Table {
    private static final int[] SIZES = {100, 1_000, 10_000, 100_000};
    private static final int YARDSTICK = 1_000;

    private Table() {}

    /**
     * Prints each line as soon as it is known.
     *
     * @param events to be seen in each of the batches whose median counts
     * @param most no workflow has more nodes
     */
    public static void print(PrintStream out, List<Shape> shapes, long events, long most) {
        int[] sizes = IntStream.of(SIZES).filter(size -> size <= most).toArray();
        shapes.forEach(shape -> Measurement.batch(shape.ofNodes(YARDSTICK), events));
        out.printf("%-22s", "ns of CPU per event");
        IntStream.of(sizes).forEach(size -> out.printf(Locale.ROOT, " %,14d", size));
        out.printf(" %15s %11s%n", "transitions/s", "bytes/node");
        for (Shape shape : shapes) {
            line(out, shape, sizes, events);
        }
    }

    private static void line(PrintStream out, Shape shape, int[] sizes, long events) {
        List<WorkflowDefinition> definitions =
                IntStream.of(sizes).mapToObj(shape::ofNodes).toList();
        List<Measurement> measured = Measurement.of(definitions, events);
        double yardstick = 0;
        for (int i = 0; i < sizes.length; i++) {
            yardstick = sizes[i] == YARDSTICK ? measured.get(i).nanosPerEvent() : yardstick;
        }
        out.printf("%-22s", shape.title());
        for (Measurement one : measured) {
            out.printf(Locale.ROOT, " %,7.0f (%4.2f)", one.nanosPerEvent(), one.nanosPerEvent() / yardstick);
        }
        long bytes = Measurement.bytesPerNode(definitions.getLast());
        out.printf(Locale.ROOT, " %,15.0f %,11d%n", measured.getLast().transitionsPerSecond(), bytes);
    }
}
