package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.Arguments;
import io.tiphys.api.DAGTask;
import io.tiphys.api.LifecycleHook;
import io.tiphys.api.Sequence;
import io.tiphys.api.Template;
import io.tiphys.api.TemplateRef;
import io.tiphys.api.WorkflowStep;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A step or task: a template is called, perhaps several times. */
record Call(
        String name,
        @Nullable String template,
        @Nullable TemplateRef templateRef,
        @Nullable Template inline,
        Arguments arguments,
        List<JsonNode> withItems,
        @Nullable String withParam,
        @Nullable Sequence withSequence,
        Map<String, LifecycleHook> hooks,
        boolean exitHook,
        JsonNode tree,
        String path) {

    static Call of(WorkflowStep step, JsonNode tree, String path) {
        return new Call(
                step.name() == null ? "" : step.name(),
                step.template(),
                step.templateRef(),
                step.inline(),
                step.arguments(),
                step.withItems() == null ? List.of() : step.withItems(),
                step.withParam(),
                step.withSequence(),
                step.hooks(),
                step.hooks().containsKey("exit") || isGiven(step.onExit()),
                tree,
                path);
    }

    static Call of(DAGTask task, JsonNode tree, String path) {
        return new Call(
                task.name(),
                task.template(),
                task.templateRef(),
                task.inline(),
                task.arguments(),
                task.withItems() == null ? List.of() : task.withItems(),
                task.withParam(),
                task.withSequence(),
                task.hooks(),
                task.hooks().containsKey("exit") || isGiven(task.onExit()),
                tree,
                path);
    }

    /** A call of a template by its name, from the spec: the entrypoint, the exit handler. */
    static Call named(String template, Arguments arguments, String path) {
        return new Call("", template, null, null, arguments, List.of(), null, null, Map.of(), false, NO_TREE, path);
    }

    private static final JsonNode NO_TREE = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();

    String path(String field) {
        return path + "." + field;
    }

    /** Whether results of several runs are put together in {@code outputs.parameters}. */
    boolean aggregates() {
        return !withItems.isEmpty() || isGiven(withParam);
    }

    boolean loops() {
        return aggregates() || withSequence != null;
    }

    /** The text, "" for none. */
    static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    static boolean isGiven(@Nullable String text) {
        return text != null && !text.isEmpty();
    }
}
