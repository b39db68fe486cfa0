package io.tiphys.conformance;

import io.tiphys.api.InvalidManifestException;
import io.tiphys.conformance.suite.CaseException;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.conformance.suite.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs cases, some at a time. A case that breaks is missed; the others go on. */
final class Parallel {
    private final Report report;
    private final int jobs;

    Parallel(Report report, int jobs) {
        this.report = report;
        this.jobs = jobs;
    }

    interface Ground {
        Verdict run(ConformanceCase wanted) throws InterruptedException;
    }

    void run(List<ConformanceCase> cases, Ground ground) throws InterruptedException {
        try (ExecutorService threads =
                Executors.newFixedThreadPool(jobs, Thread.ofVirtual().factory())) {
            List<Future<?>> running = new ArrayList<>();
            for (ConformanceCase wanted : cases) {
                running.add(threads.submit(() -> {
                    Instant began = Instant.now();
                    Verdict verdict = verdict(wanted, ground);
                    report.add(new Report.Result(wanted, verdict, Duration.between(began, Instant.now())));
                    return null;
                }));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a case ended the run", e.getCause());
        }
    }

    /** Whatever goes wrong in one case, be it our own assertion, is that case's. */
    @SuppressWarnings("IllegalCatch")
    private static Verdict verdict(ConformanceCase wanted, Ground ground) throws InterruptedException {
        try {
            return ground.run(wanted);
        } catch (CaseException | InvalidManifestException e) {
            return new Verdict.Miss(String.valueOf(e.getMessage()));
        } catch (RuntimeException | AssertionError e) {
            StackTraceElement[] trace = e.getStackTrace();
            String message =
                    String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
            return new Verdict.Miss("broke: " + e.getClass().getSimpleName() + ": " + message
                    + (trace.length == 0 ? "" : " at " + trace[0]));
        }
    }
}
