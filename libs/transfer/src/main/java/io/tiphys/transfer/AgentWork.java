package io.tiphys.transfer;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bodies of {@code GET /v1/agent/tasks} and {@code POST /v1/agent/results}: what a workflow's agent has to do, and what came of it. */
public final class AgentWork {
    private AgentWork() {}

    /**
     * All tasks that are to be done now. A task that isn't listed any more is to be given up.
     *
     * @param version goes into {@code ?after=} of the next request, which waits until there is a newer one
     * @param completed the workflow has ended: the agent may go
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record Tasks(String version, boolean completed, List<Task> tasks) {
        @SuppressWarnings({"NullAway", "ConstantValue"}) // Jackson passes null for what the JSON leaves out
        public Tasks {
            version = version == null ? "" : version;
            tasks = Copies.of(tasks);
        }
    }

    /**
     * One node's task.
     *
     * @param template Argo's template as JSON, every variable filled in; one of its fields {@code http} and {@code plugin} is set
     * @param secrets {@code <secret name>/<key>} → value, for the headers that refer to them
     * @param problem why the task can't be done, such as a Secret that isn't there
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Task(
            String nodeId,
            Map<String, Object> template,
            Map<String, String> secrets,
            @Nullable String problem) {
        public Task {
            template = inOrder(template);
            secrets = Copies.of(secrets);
        }

        /** Names no secret values. */
        @Override
        public String toString() {
            return "Task[" + nodeId + "]";
        }
    }

    /** What came of some tasks; sent again until the uploader has taken it. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Results(@Nullable String podUid, List<Result> results) {
        public Results {
            results = Copies.of(results);
        }
    }

    /**
     * Argo's {@code NodeResult} of one node.
     *
     * @param phase {@code Succeeded}, {@code Failed}, {@code Error}, or {@code Running} of a plugin that isn't done yet
     * @param outputs Argo's {@code Outputs}
     * @param progress {@code n/m}
     */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Result(
            String nodeId,
            String phase,
            @Nullable String message,
            @Nullable Map<String, Object> outputs,
            @Nullable String progress) {
        public Result {
            outputs = outputs == null ? null : inOrder(outputs);
        }
    }

    private static Map<String, Object> inOrder(@Nullable Map<String, Object> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
