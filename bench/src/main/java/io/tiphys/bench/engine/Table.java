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
        shapes.forEach(shape -> Measurement.warmUp(shape.ofNodes(YARDSTICK), events));
        out.printf("%-22s", "ns of CPU per event");
        IntStream.of(sizes).forEach(size -> out.printf(Locale.ROOT, " %,14d", size));
        out.printf(" %15s %11s%n", "transitions/s", "bytes/node");
        for (Shape shape : shapes) {
            line(out, shape, sizes, events);
        }
    }

    private static void line(PrintStream out, Shape shape, int[] sizes, long events) {
        Measurement.warmUp(shape.ofNodes(YARDSTICK), events);
        Measurement[] measured = new Measurement[sizes.length];
        double yardstick = 0;
        for (int i = 0; i < sizes.length; i++) {
            WorkflowDefinition definition = shape.ofNodes(sizes[i]);
            measured[i] = Measurement.of(definition, events);
            yardstick = sizes[i] == YARDSTICK ? measured[i].nanosPerEvent() : yardstick;
        }
        out.printf("%-22s", shape.title());
        for (Measurement one : measured) {
            out.printf(Locale.ROOT, " %,7.0f (%4.2f)", one.nanosPerEvent(), one.nanosPerEvent() / yardstick);
        }
        Measurement largest = measured[measured.length - 1];
        out.printf(Locale.ROOT, " %,15.0f %,11d%n", largest.transitionsPerSecond(), largest.bytesPerNode());
    }
}
