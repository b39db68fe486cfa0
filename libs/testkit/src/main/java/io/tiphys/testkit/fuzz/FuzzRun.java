package io.tiphys.testkit.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs one seed after the other, and stops when it has enough findings. A finding is an escaped exception, a broken invariant, a manifest that takes too
 * long or too much memory.
 */
public final class FuzzRun {
    /** Far more than any takes on a busy machine. */
    private static final Duration LONGEST = Duration.ofMinutes(5);

    /**
     * What one manifest may allocate in all, most of it garbage at once, and by the checks, which write a run as JSON again and again. A
     * thousand nodes may each evaluate an expression that uses its whole budget, 16 MiB.
     */
    private static final long MOST_BYTES = 16L << 30;

    private final Corpus corpus;
    private final long firstSeed;
    private final long count;
    private volatile boolean stuck;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();
    private final int enough;
    private final Queue<Finding> findings = new ConcurrentLinkedQueue<>();

    /** What went wrong, and with which seed it goes wrong again. */
    public record Finding(long seed, String text, String what) {
        @Override
        public String toString() {
            String shown = text.length() > 4_000 ? text.substring(0, 4_000) + "…" : text;
            return "seed " + seed + ", again with ./tiphys bench fuzz --seed " + seed + " --count 1\n" + what + "\n"
                    + shown;
        }
    }

    /**
     * What became of the manifests.
     *
     * @param refused manifests that were refused with their problems
     * @param ended manifests whose workflows ran to their end
     * @param findings what went wrong
     */
    public record Report(long refused, long ended, List<Finding> findings) {}

    /** What a worker is at. */
    private static final class Work {
        private volatile long seed;
        private volatile long since = System.nanoTime();
    }

    private FuzzRun(Corpus corpus, long firstSeed, long count, int enough) {
        this.enough = enough;
        this.corpus = corpus;
        this.firstSeed = firstSeed;
        this.count = count;
    }

    /**
     * Runs so many seeds, from the first one on.
     *
     * @param enough findings to stop after
     */
    public static Report run(Corpus corpus, long firstSeed, long count, int threads, int enough)
            throws InterruptedException {
        return new FuzzRun(corpus, firstSeed, count, enough).run(threads);
    }

    private Report run(int threads) throws InterruptedException {
        List<Thread> workers = new ArrayList<>();
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Work work = new Work();
            works.add(work);
            workers.add(Thread.ofPlatform().daemon().name("fuzz-" + i).start(() -> work(work)));
        }
        for (int i = 0; i < threads; i++) {
            while (workers.get(i).isAlive() && !stuck) {
                watch(workers.get(i), works.get(i));
                workers.get(i).join(Duration.ofMillis(200));
            }
        }
        return new Report(refused.get(), ended.get(), List.copyOf(findings));
    }

    private void watch(Thread worker, Work work) {
        long seed = work.seed;
        if (System.nanoTime() - work.since > LONGEST.toNanos() && seed == work.seed && worker.isAlive()) {
            String where = String.join(
                    "\n  at ",
                    Arrays.stream(worker.getStackTrace())
                            .map(String::valueOf)
                            .limit(60)
                            .toList());
            findings.add(
                    new Finding(seed, FuzzCase.of(corpus, seed).text(), "takes longer than " + LONGEST + ": " + where));
            stuck = true;
        }
    }

    private void work(Work work) {
        ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        for (long i = next.getAndIncrement(); i < count && findings.size() < enough; i = next.getAndIncrement()) {
            work.seed = firstSeed + i;
            work.since = System.nanoTime();
            long before = threads.getCurrentThreadAllocatedBytes();
            one(work.seed);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            if (allocated > MOST_BYTES) {
                findings.add(new Finding(
                        work.seed, FuzzCase.of(corpus, work.seed).text(), "allocates " + (allocated >> 20) + " MiB"));
            }
        }
    }

    // whatever escapes is the finding, errors included
    private void one(long seed) {
        String text = "";
        try {
            FuzzCase manifest = FuzzCase.of(corpus, seed);
            text = manifest.text();
            switch (Fuzzer.run(manifest)) {
                case Fuzzer.Outcome.Refused _ -> refused.incrementAndGet();
                case Fuzzer.Outcome.Ended _ -> ended.incrementAndGet();
            }
        } catch (Throwable e) {
            StringWriter stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack));
            String what = stack.toString();
            findings.add(new Finding(seed, text, what.length() > 8_000 ? what.substring(0, 8_000) : what));
        }
    }
}
