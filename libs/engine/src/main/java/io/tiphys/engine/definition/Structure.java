package io.tiphys.engine.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.DAGTask;
import io.tiphys.api.DAGTemplate;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowStep;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Rendering;
import io.tiphys.expression.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What of a steps or dag template says how its nodes hang together: the names of steps and tasks and what tasks depend on. Usually it is
 * written out; where it holds tags, each node of the template has a structure of its own, by its inputs.
 */
final class Structure {
    /** What stays as it is: a large template that names it needn't be recorded with each of its nodes. */
    private static final Pattern LASTING = Pattern.compile(
            "\\bworkflow\\.(name|namespace|uid|parameters|creationTimestamp|scheduledTime|mainEntrypoint|serviceAccountName|priority)\\b");

    private final Template template;
    private final CompiledText document;

    private Structure(Template template, CompiledText document) {
        this.template = template;
        this.document = document;
    }

    /** The structure of a template if it holds tags, else null. */
    static @Nullable Structure of(Template template) {
        List<List<String>> texts = texts(template);
        if (texts.stream().flatMap(List::stream).noneMatch(text -> text.contains("{{"))) {
            return null;
        }
        try {
            return new Structure(
                    template, CompiledText.compileJson(ApiJson.mapper().writeValueAsString(texts)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("names can't be written as JSON", e);
        }
    }

    /** Whether its tags name something of the workflow that becomes known, or something else, as it runs: outputs, failures, its phase. */
    boolean isPassing() {
        return LASTING.matcher(document.source()).replaceAll("").contains("workflow");
    }

    /** The structure with its tags filled in, as text; a tag that means nothing stays. */
    String filled(Scope scope) {
        return switch (document.render(scope)) {
            case Rendering.Rendered(var text) -> text;
            case Rendering.Unresolved(var _, var text) -> text;
            case Rendering.Failed _ -> document.source();
        };
    }

    /** The template with a filled structure. */
    Template with(String filled) {
        try {
            JsonNode texts = ApiJson.mapper().readTree(filled);
            DAGTemplate dag = template.dag();
            return dag == null
                    ? template.withSteps(steps(texts))
                    : template.withDag(dag.withTasks(tasks(dag.tasks(), texts)));
        } catch (JsonProcessingException e) {
            return template; // a value that breaks the document leaves the tags as they are
        }
    }

    private List<List<WorkflowStep>> steps(JsonNode texts) {
        List<List<WorkflowStep>> groups = new ArrayList<>();
        for (List<WorkflowStep> group : template.steps()) {
            JsonNode names = texts.path(groups.size());
            List<WorkflowStep> steps = new ArrayList<>();
            for (WorkflowStep step : group) {
                steps.add(step.withName(names.path(steps.size()).asText()));
            }
            groups.add(List.copyOf(steps));
        }
        return List.copyOf(groups);
    }

    private static List<DAGTask> tasks(List<DAGTask> source, JsonNode texts) {
        List<DAGTask> tasks = new ArrayList<>();
        for (DAGTask task : source) {
            JsonNode own = texts.path(tasks.size());
            List<String> dependencies = new ArrayList<>();
            for (int i = 0; i < task.dependencies().size(); i++) {
                dependencies.add(own.path(i + 2).asText());
            }
            tasks.add(task.withName(own.path(0).asText())
                    .withDepends(task.depends() == null ? null : own.path(1).asText())
                    .withDependencies(dependencies));
        }
        return List.copyOf(tasks);
    }

    /** The names of each group's steps; of each task its name, its condition, and the tasks that it depends on. */
    private static List<List<String>> texts(Template template) {
        List<List<String>> texts = new ArrayList<>();
        DAGTemplate dag = template.dag();
        if (dag == null) {
            template.steps()
                    .forEach(group -> texts.add(group.stream()
                            .map(step -> Objects.requireNonNullElse(step.name(), ""))
                            .toList()));
            return texts;
        }
        for (DAGTask task : dag.tasks()) {
            List<String> own = new ArrayList<>(List.of(task.name(), Objects.requireNonNullElse(task.depends(), "")));
            own.addAll(task.dependencies());
            texts.add(own);
        }
        return texts;
    }
}
