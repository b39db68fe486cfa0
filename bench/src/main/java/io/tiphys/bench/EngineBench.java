package io.tiphys.bench;

import io.tiphys.bench.engine.Shape;
import io.tiphys.bench.engine.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What one event costs the engine in workflows of 100 to 100,000 nodes, which should be the same, whatever their shape.
 *
 * <p>{@code ./tiphys bench engine [--events N] [--nodes N] [--only TEXT]}: events per batch, size of the largest
 * workflow, and a part of the shapes' titles.
 */
public final class EngineBench {
    private EngineBench() {}

    /** Prints a table. */
    public static void main(String[] args) {
        Options options = Options.of(args);
        String only = options.text("--only", "").toLowerCase(Locale.ROOT);
        List<Shape> shapes = Stream.of(Shape.values())
                .filter(shape -> shape.title().toLowerCase(Locale.ROOT).contains(only))
                .toList();
        Table.print(System.out, shapes, options.number("--events", 60_000), options.number("--nodes", 100_000));
    }
}
