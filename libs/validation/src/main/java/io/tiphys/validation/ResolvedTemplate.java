package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.DAGTemplate;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.Template;
import io.tiphys.api.TemplateType;
import io.tiphys.api.WorkflowStep;
import java.util.ArrayList;
import java.util.List;

/** A template with the place where it stands. */
record ResolvedTemplate(Template template, JsonNode tree, String path, TemplateSource source) implements Resolution {
    Findings findings() {
        return source.findings();
    }

    String name() {
        return template.name() == null ? "" : template.name();
    }

    /** Its type, also where steps are an empty list. */
    TemplateType type() {
        TemplateType type = template.type();
        return type == TemplateType.UNKNOWN && tree.path("steps").isArray() ? TemplateType.STEPS : type;
    }

    /** The path of a field, or of a field of a field. */
    String path(String field) {
        return path + "." + field;
    }

    /** The steps, group by group, or the tasks in one list; nothing for other types. */
    List<List<Call>> calls() {
        var groups = new ArrayList<List<Call>>();
        List<List<WorkflowStep>> steps = template.steps();
        for (int i = 0; i < steps.size(); i++) {
            var group = new ArrayList<Call>();
            String groupPath = JsonPaths.item(path("steps"), i);
            for (int j = 0; j < steps.get(i).size(); j++) {
                JsonNode stepTree = tree.path("steps").path(i).path(j);
                group.add(Call.of(steps.get(i).get(j), stepTree, JsonPaths.item(groupPath, j)));
            }
            groups.add(group);
        }
        DAGTemplate dag = template.dag();
        if (dag != null) {
            var tasks = new ArrayList<Call>();
            String tasksPath = path("dag.tasks");
            for (int i = 0; i < dag.tasks().size(); i++) {
                JsonNode taskTree = tree.path("dag").path("tasks").path(i);
                tasks.add(Call.of(dag.tasks().get(i), taskTree, JsonPaths.item(tasksPath, i)));
            }
            groups.add(tasks);
        }
        return groups;
    }
}
