package io.tiphys.executor.agent;

import static org.awaitility.Awaitility.await;

import io.tiphys.transfer.AgentWork;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lists tasks as a test adds and drops them, and keeps what is reported. */
final class FakeUploader implements AgentUploader {
    private final Map<String, AgentWork.Task> tasks = new LinkedHashMap<>();
    private final BlockingQueue<AgentWork.Tasks> versions = new LinkedBlockingQueue<>();
    private final List<AgentWork.Result> results = new CopyOnWriteArrayList<>();
    private int version;

    void add(String nodeId, Map<String, Object> template) {
        add(new AgentWork.Task(nodeId, template, Map.of(), null));
    }

    synchronized void add(AgentWork.Task task) {
        tasks.put(task.nodeId(), task);
        list(false);
    }

    synchronized void drop(String nodeId) {
        tasks.remove(nodeId);
        list(false);
    }

    synchronized void list(boolean completed) {
        versions.add(new AgentWork.Tasks(String.valueOf(++version), completed, new ArrayList<>(tasks.values())));
    }

    @Override
    public Optional<AgentWork.Tasks> tasks(@Nullable String after) throws InterruptedIOException {
        try {
            return Optional.ofNullable(versions.poll(100, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void report(AgentWork.Results reported) {
        results.addAll(reported.results());
    }

    List<AgentWork.Result> results() {
        return List.copyOf(results);
    }

    /** The first result of the node. */
    AgentWork.Result result(String nodeId) {
        await().until(() -> results.stream().anyMatch(result -> result.nodeId().equals(nodeId)));
        return results.stream()
                .filter(result -> result.nodeId().equals(nodeId))
                .findFirst()
                .orElseThrow();
    }
}
