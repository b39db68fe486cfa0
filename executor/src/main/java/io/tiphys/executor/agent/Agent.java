package io.tiphys.executor.agent;

import io.tiphys.executor.Log;
import io.tiphys.transfer.AgentWork;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Does all that is listed, each task on a virtual thread, so many at the same time. A task is begun once as long as it is listed;
 * one that isn't listed any more is given up. Results that weren't taken are lost with the pod: the next agent does those tasks again.
 */
public final class Agent {
    private static final Duration BETWEEN_LISTS = Duration.ofMillis(50);

    private final AgentUploader uploader;
    private final HttpTasks https;
    private final PluginTasks plugins;
    private final Reporter reporter;
    private final Semaphore workers;
    private final Map<String, Thread> begun = new HashMap<>();

    Agent(AgentUploader uploader, HttpTasks https, PluginTasks plugins, AgentSettings settings) {
        this.uploader = uploader;
        this.https = https;
        this.plugins = plugins;
        this.reporter = new Reporter(uploader, settings.podUid());
        this.workers = new Semaphore(settings.workers(), true);
    }

    /**
     * Works until the workflow has ended.
     *
     * @throws IOException when the uploader stays away for too long or refuses
     */
    public void run() throws IOException, InterruptedException {
        CompletableFuture<Void> broken = new CompletableFuture<>();
        Thread reporting = Thread.ofVirtual().name("reporter").start(() -> {
            try {
                reporter.run();
            } catch (IOException | InterruptedException e) {
                broken.completeExceptionally(e);
            }
        });
        try {
            String version = null;
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("the agent was stopped");
                }
                if (broken.isCompletedExceptionally()) {
                    throw new IOException("results can't be reported", broken.exceptionNow());
                }
                Optional<AgentWork.Tasks> news = uploader.tasks(version);
                if (news.isPresent()) {
                    version = news.get().version();
                    if (news.get().completed()) {
                        Log.info("the workflow has ended");
                        return;
                    }
                    take(news.get());
                    Thread.sleep(BETWEEN_LISTS); // so that a fan-out comes in few lists
                }
            }
        } finally {
            begun.values().forEach(Thread::interrupt);
            reporting.interrupt();
        }
    }

    private void take(AgentWork.Tasks list) {
        Set<String> listed = new HashSet<>();
        for (AgentWork.Task task : list.tasks()) {
            listed.add(task.nodeId());
            begun.computeIfAbsent(
                    task.nodeId(), id -> Thread.ofVirtual().name(id).start(() -> work(task)));
        }
        begun.entrySet().removeIf(entry -> {
            if (listed.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().interrupt(); // has ended, mostly
            return true;
        });
    }

    private void work(AgentWork.Task task) {
        try {
            Duration pause = Duration.ZERO;
            while (pause != null) {
                Thread.sleep(pause);
                pause = round(task);
            }
        } catch (InterruptedException e) {
            Log.info("node " + task.nodeId() + " given up");
        } catch (RuntimeException e) {
            Log.error("node " + task.nodeId() + ": " + e);
            reporter.report(new AgentWork.Result(task.nodeId(), "Error", "error processing task: " + e, null, null));
        }
    }

    /** How long to wait before the next round; null if there is none. */
    private @Nullable Duration round(AgentWork.Task task) throws InterruptedException {
        workers.acquire();
        try {
            String problem = task.problem();
            if (problem != null) {
                reporter.report(new AgentWork.Result(task.nodeId(), "Failed", problem, null, null));
            } else if (task.template().containsKey("http")) {
                reporter.report(https.run(task));
            } else if (task.template().containsKey("plugin")) {
                PluginTasks.Round round = plugins.ask(task);
                if (round.result() != null) {
                    reporter.report(round.result());
                }
                return round.askAgain();
            } else {
                reporter.report(new AgentWork.Result(
                        task.nodeId(), "Error", "agent cannot execute: unknown task type", null, null));
            }
            return null;
        } finally {
            workers.release();
        }
    }
}
