package io.tiphys.bench.engine;

import io.tiphys.engine.Run;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What one shape costs in one size.
 *
 * @param nanosPerEvent median of several batches of runs, in CPU time of the engine's thread: what other programs take
 *     doesn't count, nor does what the collector does in threads of its own
 * @param bytesPerNode what the run holds at its end
 */
record Measurement(double nanosPerEvent, double transitionsPerSecond, long bytesPerNode) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int BATCHES = 3;

    /** The serial collector leaves some garbage where it is in all but every fourth collection. */
    private static final int COLLECTIONS = 4;

    private record Batch(
            double nanosPerEvent,
            double transitionsPerSecond,
            @Nullable Run last) {}

    /** Runs until so many events were seen, several times over. */
    static Measurement of(WorkflowDefinition definition, long events) {
        Batch[] batches = new Batch[BATCHES];
        for (int i = 0; i < BATCHES; i++) {
            if (i > 0) {
                batches[i - 1] = withoutRun(batches[i - 1]);
            }
            batches[i] = batch(definition, events);
        }
        long with = usedHeap();
        Run last = batches[BATCHES - 1].last();
        int nodes = last == null ? 1 : last.nodeCount();
        last = null;
        batches[BATCHES - 1] = withoutRun(batches[BATCHES - 1]);
        long bytes = (with - usedHeap()) / nodes;
        Arrays.sort(batches, Comparator.comparingDouble(Batch::nanosPerEvent));
        Batch median = batches[BATCHES / 2];
        return new Measurement(median.nanosPerEvent(), median.transitionsPerSecond(), bytes);
    }

    static void warmUp(WorkflowDefinition definition, long events) {
        batch(definition, events);
    }

    private static Batch batch(WorkflowDefinition definition, long events) {
        long nanos = 0;
        long seen = 0;
        long transitions = 0;
        while (true) {
            Drive drive = new Drive(definition);
            long began = THREADS.getCurrentThreadCpuTime();
            drive.go();
            nanos += THREADS.getCurrentThreadCpuTime() - began;
            seen += drive.events();
            transitions += drive.transitions();
            if (seen >= events) {
                return new Batch((double) nanos / seen, transitions * 1e9 / nanos, drive.run());
            }
        }
    }

    private static Batch withoutRun(Batch batch) {
        return new Batch(batch.nanosPerEvent(), batch.transitionsPerSecond(), null);
    }

    static long usedHeap() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
