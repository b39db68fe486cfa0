package io.tiphys.controller.shard;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Template;
import io.tiphys.controller.agent.AgentServices;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.pods.WorkflowFacts;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one workflow's agent has to do: tasks are written to the workflow's WorkflowTaskSet, a few writes for many tasks. Whether
 * there is an agent is {@link AgentPod}'s. For the shard's own thread; requests run elsewhere and post their outcome.
 */
final class AgentTasks {
    private static final Logger LOG = LoggerFactory.getLogger(AgentTasks.class);
    private static final Duration TIDY_AFTER = Duration.ofMillis(500);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int LONGEST_RETRY_EXPONENT = 6;

    static final String WRITE = "write";

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final AgentServices services;
    private final TaskList tasks = new TaskList();
    private final AgentPod pod;
    private boolean isUsed;
    private boolean isWhole = true;
    private boolean writing;
    private int failures;

    AgentTasks(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
        this.services = shard.services().agents();
        this.pod = new AgentPod(ref, shard, this::refuseAll);
    }

    AgentPod pod() {
        return pod;
    }

    boolean isEmpty() {
        return tasks.isEmpty();
    }

    void run(String nodeId, Template template, Supplier<WorkflowFacts> facts) {
        isUsed = true;
        try {
            tasks.add(nodeId, ApiJson.mapper().writeValueAsString(template));
        } catch (JsonProcessingException e) {
            refuse(nodeId, "the template can't be written as JSON: " + e.getOriginalMessage());
            return;
        }
        // not at once: what else the batch brings goes into the same write
        shard.timers().startIfAbsent(timer(WRITE), shard.now());
        pod.want(facts);
    }

    void drop(String nodeId) {
        tasks.drop(nodeId);
        shard.timers().startIfAbsent(timer(WRITE), shard.now().plus(TIDY_AFTER));
        if (tasks.isEmpty()) {
            pod.unwant();
        }
    }

    /** The workflow has ended. */
    void complete() {
        pod.remove();
        if (!isUsed) {
            return;
        }
        tasks.wanted().forEach(tasks::drop);
        isUsed = false;
        isWhole = true;
        shard.timers().cancel(timer(WRITE));
        submit(() -> services.taskSets().complete(ref));
    }

    /** A timer for writing is due. */
    void write() {
        if (writing || !isUsed) {
            return;
        }
        TaskList.Write write = tasks.next(isWhole);
        if (write == null) {
            return;
        }
        writing = true;
        isWhole = false;
        submit(
                () -> {
                    if (write.isWhole()) {
                        var whole = new LinkedHashMap<String, String>();
                        write.changes().forEach((id, template) -> template.ifPresent(text -> whole.put(id, text)));
                        services.taskSets().replace(ref, shard.number(), whole);
                    } else if (!services.taskSets().change(ref, write.changes())) {
                        throw new KubernetesClientException("the WorkflowTaskSet " + ref.name() + " is gone");
                    }
                    shard.post(new ShardInput.TasksWritten(ref.uid(), List.of(), Optional.empty(), false));
                },
                write);
    }

    private void submit(PodCommands.Action action) {
        submit(action, null);
    }

    private void submit(PodCommands.Action action, TaskList.@Nullable Write write) {
        shard.requests().submit(ref.namespace() + "/tasksets/" + ref.name(), () -> {
            try {
                action.run();
            } catch (KubernetesClientException e) {
                LOG.warn("WorkflowTaskSet {}/{} can't be written: {}", ref.namespace(), ref.name(), e.toString());
                if (write != null) {
                    List<String> added = write.changes().entrySet().stream()
                            .filter(change -> change.getValue().isPresent())
                            .map(Map.Entry::getKey)
                            .toList();
                    boolean isFinal = ApiFailure.of(e) == ApiFailure.PERMANENT;
                    shard.post(
                            new ShardInput.TasksWritten(ref.uid(), added, Optional.of(ApiFailure.reason(e)), isFinal));
                }
            }
        });
    }

    void written(ShardInput.TasksWritten outcome) {
        writing = false;
        if (outcome.failure().isEmpty()) {
            failures = 0;
            if (tasks.hasWaiting()) {
                shard.timers().startIfAbsent(timer(WRITE), shard.now());
            }
            return;
        }
        if (outcome.isFinal()) {
            String reason = outcome.failure().get();
            outcome.added().forEach(id -> refuse(id, "the agent's task can't be written: " + reason));
            outcome.added().forEach(tasks::drop);
        }
        // what the object says is unknown: it is written anew
        isWhole = true;
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(failures++, LONGEST_RETRY_EXPONENT));
        shard.timers().start(timer(WRITE), shard.now().plus(pause));
    }

    /** The agent's pod as it is seen; one that nobody needs goes. */
    void observed(PodObservation seen, int generation, boolean isRunning) {
        pod.observed(seen, generation, isRunning, !tasks.isEmpty());
    }

    private void refuseAll(String message) {
        tasks.wanted().forEach(id -> refuse(id, message));
    }

    private void refuse(String nodeId, String message) {
        shard.post(new ShardInput.TaskRefused(ref.uid(), nodeId, message));
    }

    private TimerKey timer(String detail) {
        return new TimerKey(ref.uid(), Purpose.AGENT, detail);
    }
}
