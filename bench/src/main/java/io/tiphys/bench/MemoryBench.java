package io.tiphys.bench;

import io.tiphys.bench.engine.LiveNodes;

/**
 * The heap that a run takes while its pods run.
 *
 * <p>{@code ./tiphys bench memory [--nodes N]}: 100,000 nodes unless said otherwise.
 */
public final class MemoryBench {
    private MemoryBench() {}

    static void main(String... arguments) {
        LiveNodes.print(System.out, (int) Options.of(arguments).number("--nodes", 100_000));
    }
}
