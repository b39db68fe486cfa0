package io.tiphys.executor;

import io.tiphys.executor.ExecutorSettings.Mode;
import io.tiphys.executor.agent.AgentProcess;
import io.tiphys.executor.agent.PluginTokens;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.PodTask;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The executor's process. As a sidecar it stays until it is told to go: the kubelet would start one that ends by itself again. */
public final class Main {
    private static final Duration TIME_TO_FINISH = Duration.ofSeconds(20);
    private static final long WORKER_STACK_BYTES = 8L << 20;

    private Main() {}

    /** Needs no arguments; the environment says everything ({@link ExecutorSettings}, {@code TIPHYS_TASK}). */
    public static void main(String[] arguments) throws InterruptedException {
        var mode = mode();
        if (mode == Mode.AGENT || mode == Mode.AGENT_INIT) {
            Runtime.getRuntime().halt(agent(mode));
            return;
        }
        Execution execution;
        ExecutorSettings settings;
        try {
            var environment = System.getenv();
            settings = ExecutorSettings.from(environment);
            if (settings.mode().isWorker()) {
                roomy(new WorkerExecution(task(environment), settings, environment));
            }
            execution = new Execution(task(environment), settings);
        } catch (IOException | IllegalArgumentException e) {
            Log.error(String.valueOf(e.getMessage()));
            System.exit(64);
            return;
        }
        var finished = new CountDownLatch(1);
        var worker = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(execution, worker, finished), "shutdown"));
        int code = 1;
        try {
            code = run(execution, settings.mode());
        } catch (IOException e) {
            Log.error(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Log.warn("interrupted");
        } finally {
            finished.countDown();
        }
        if (settings.mode() == Mode.SIDECAR && code == 0) {
            new CountDownLatch(1).await();
        }
        Runtime.getRuntime().halt(code);
    }

    /**
     * Doesn't return. Conditions and filters are the user's, and may nest deeper than the small stacks of the other threads allow.
     */
    private static void roomy(WorkerExecution execution) throws InterruptedException {
        Thread worker =
                new Thread(null, () -> Runtime.getRuntime().halt(execution.run()), "worker", WORKER_STACK_BYTES);
        worker.start();
        worker.join();
        Runtime.getRuntime().halt(1); // it ended without a word, for lack of memory perhaps
    }

    private static Mode mode() {
        try {
            return ExecutorSettings.mode(System.getenv());
        } catch (IllegalArgumentException e) {
            return Mode.SIDECAR; // is looked at again, and complained about
        }
    }

    private static int agent(Mode mode) throws InterruptedException {
        var environment = System.getenv();
        try {
            if (mode == Mode.AGENT_INIT) {
                PluginTokens.make(environment);
            } else {
                var settings = ExecutorSettings.from(environment);
                AgentProcess.agent(environment, settings.uploader(), settings.capability(), settings.giveUpAfter())
                        .run();
            }
            return 0;
        } catch (IOException | IllegalArgumentException e) {
            Log.error(String.valueOf(e.getMessage()));
            return 1;
        }
    }

    private static int run(Execution execution, Mode mode) throws IOException, InterruptedException {
        return switch (mode) {
            case STAGE -> execution.stage() ? 0 : 1;
            case SAVE -> {
                execution.save();
                yield 0;
            }
            case RESOURCE, DATA -> throw new IOException("a worker stages and saves nothing for others");
            case AGENT, AGENT_INIT -> throw new IllegalStateException("an agent is no pod's executor");
            case SIDECAR -> {
                if (execution.stage()) {
                    execution.save();
                }
                yield 0;
            }
        };
    }

    private static PodTask task(Map<String, String> environment) throws IOException {
        var json = PodTask.fromVariables(environment);
        if (json.isEmpty()) {
            throw new IOException(
                    "the environment variable TIPHYS_TASK is not set; the controller sets it on the executor");
        }
        return UploaderClient.JSON.readValue(json, PodTask.class);
    }

    /**
     * SIGTERM: the pod is going away. What is being saved gets a little time; somebody who still waits for main has nothing to wait for, as
     * sidecars are stopped after the containers.
     */
    private static void finish(Execution execution, Thread worker, CountDownLatch finished) {
        try {
            if (!execution.isFinished() && !finished.await(TIME_TO_FINISH.toSeconds(), TimeUnit.SECONDS)) {
                worker.interrupt();
                execution.reportInterrupted();
            }
        } catch (InterruptedException | IOException e) {
            Log.warn("stopped without a last report: " + e.getMessage());
        }
        Runtime.getRuntime().halt(0);
    }
}
