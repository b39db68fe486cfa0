package io.tiphys.bench.engine;

import io.tiphys.engine.Run;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What one shape costs in one size.
 *
 * @param nanosPerEvent median of several batches of runs, in CPU time of the engine's thread: what other programs take
 *     doesn't count, nor does what compilers and the collector do in threads of their own
 */
record Measurement(double nanosPerEvent, double transitionsPerSecond) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final CompilationMXBean COMPILERS = ManagementFactory.getCompilationMXBean();

    /** Odd, so that one of them is the median. */
    private static final int BATCHES = 5;

    /** Without a pause the compilers might never be done: something comes up in a long run now and then. */
    private static final int LONGEST_WARM_UP = 12;

    /** The serial collector leaves some garbage where it is in all but every fourth collection. */
    private static final int COLLECTIONS = 4;

    /**
     * Measures workflows beside each other: each batch of one is followed by one of the next, so that none of them has the
     * cooler caches, the better compiled code or the busier machine to itself.
     *
     * <p>Before that all of them run until the compilers have nothing more to do for them. A workflow of 100 nodes shows each
     * of its paths a thousand times less often than one of 100,000 does; without that it would be measured while it is still
     * interpreted, and the larger ones not. What is measured is then the same code for all of them.
     */
    static List<Measurement> of(List<WorkflowDefinition> definitions, long events) {
        for (int quiet = 0, i = 0; quiet < 2 && i < LONGEST_WARM_UP; i++) {
            long before = COMPILERS.getTotalCompilationTime();
            definitions.forEach(definition -> batch(definition, events));
            quiet = COMPILERS.getTotalCompilationTime() == before ? quiet + 1 : 0;
        }
        Measurement[][] batches = new Measurement[definitions.size()][BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            for (int size = 0; size < definitions.size(); size++) {
                batches[size][i] = batch(definitions.get(size), events);
            }
        }
        return Arrays.stream(batches).map(Measurement::median).toList();
    }

    private static Measurement median(Measurement[] batches) {
        Arrays.sort(batches, (one, other) -> Double.compare(one.nanosPerEvent, other.nanosPerEvent));
        return batches[BATCHES / 2];
    }

    /** Runs until so many events were seen. */
    static Measurement batch(WorkflowDefinition definition, long events) {
        long nanos = 0;
        long seen = 0;
        long transitions = 0;
        while (seen < events) {
            Drive drive = new Drive(definition);
            long began = THREADS.getCurrentThreadCpuTime();
            drive.go();
            nanos += THREADS.getCurrentThreadCpuTime() - began;
            seen += drive.events();
            transitions += drive.transitions();
        }
        return new Measurement((double) nanos / seen, transitions * 1e9 / nanos);
    }

    /** What a run of the workflow holds of the heap at its end, for each of its nodes. */
    static long bytesPerNode(WorkflowDefinition definition) {
        long without = usedHeap();
        List<Run> kept = new ArrayList<>();
        Drive drive = new Drive(definition);
        drive.go();
        kept.add(drive.run());
        long with = usedHeap();
        return (with - without) / kept.getFirst().nodeCount();
    }

    static long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
