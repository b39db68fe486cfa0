package io.tiphys.executor.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.executor.agent.PluginClient.PluginFailure;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.expression.GoDuration;
import io.tiphys.transfer.AgentWork;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Does {@code plugin} templates: asks one plugin after the other until one takes it. Argo: docs/executor_plugins.md. */
final class PluginTasks {
    private final AgentSettings.Workflow workflow;
    private final List<PluginClient> plugins;

    PluginTasks(AgentSettings.Workflow workflow, List<PluginClient> plugins) {
        this.workflow = workflow;
        this.plugins = List.copyOf(plugins);
    }

    /**
     * What one round of asking gave.
     *
     * @param askAgain how long to wait before the next round; null if this was the last
     */
    record Round(
            AgentWork.@Nullable Result result, @Nullable Duration askAgain) {}

    Round ask(AgentWork.Task task) throws InterruptedException {
        try {
            byte[] arguments = arguments(task);
            for (PluginClient plugin : plugins) {
                PluginClient.Reply reply = plugin.execute(arguments);
                if (reply.node() != null) {
                    return round(task.nodeId(), reply.node(), reply.requeue());
                }
            }
            return failed(task, "no plugin executed the template");
        } catch (PluginFailure e) {
            return failed(task, String.valueOf(e.getMessage()));
        }
    }

    private static Round failed(AgentWork.Task task, String message) {
        return new Round(new AgentWork.Result(task.nodeId(), "Failed", message, null, null), null);
    }

    private static Round round(String nodeId, Map<String, Object> node, @Nullable String requeue) throws PluginFailure {
        String phase = text(node, "phase");
        boolean goesOn = phase == null || phase.isEmpty() || phase.equals("Running") || phase.equals("Pending");
        Duration askAgain = goesOn ? duration(requeue) : null;
        if (phase == null || phase.isEmpty()) {
            return new Round(null, askAgain);
        }
        return new Round(
                new AgentWork.Result(nodeId, phase, text(node, "message"), outputs(node), text(node, "progress")),
                askAgain);
    }

    private static @Nullable Duration duration(@Nullable String requeue) throws PluginFailure {
        if (requeue == null || requeue.isEmpty()) {
            return null;
        }
        Duration duration = GoDuration.parse(requeue)
                .orElseThrow(() -> new PluginFailure("requeue \"" + requeue + "\" is no duration such as 30s or 2m"));
        return duration.isPositive() ? duration : null;
    }

    @SuppressWarnings("unchecked") // JSON objects come as maps with text keys
    private static @Nullable Map<String, Object> outputs(Map<String, Object> node) {
        return node.get("outputs") instanceof Map<?, ?> outputs ? (Map<String, Object>) outputs : null;
    }

    private static @Nullable String text(Map<String, Object> node, String field) {
        return node.get(field) instanceof String text ? text : null;
    }

    private byte[] arguments(AgentWork.Task task) throws PluginFailure {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", workflow.name());
        metadata.put("namespace", workflow.namespace());
        metadata.put("uid", workflow.uid());
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("workflow", Map.of("metadata", metadata));
        arguments.put("template", task.template());
        try {
            return UploaderClient.JSON.writeValueAsBytes(arguments);
        } catch (JsonProcessingException e) {
            throw new PluginFailure("the template can't be written as JSON: " + e.getOriginalMessage());
        }
    }
}
