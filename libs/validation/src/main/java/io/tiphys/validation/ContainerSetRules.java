package io.tiphys.validation;

import io.tiphys.api.ContainerNode;
import io.tiphys.api.ContainerSetTemplate;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.Template;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The containers of a set and their dependencies. */
final class ContainerSetRules {
    private static final Set<String> RESERVED = Set.of("wait", "supervisor");
    private static final String RESERVED_START = "artifact-plugin-";

    private ContainerSetRules() {}

    static void check(ResolvedTemplate resolved, ContainerSetTemplate set) {
        Findings findings = resolved.findings();
        String path = resolved.path("containerSet.containers");
        List<ContainerNode> containers = set.containers();
        if (containers.isEmpty()) {
            findings.problem(path, "must have at least one container");
        }
        Names.check(containers, ContainerNode::name, Names::templateNameProblem, path, findings);
        Map<String, List<String>> dependencies = new LinkedHashMap<>();
        containers.forEach(container -> dependencies.put(container.name(), container.dependencies()));
        for (int i = 0; i < containers.size(); i++) {
            String containerPath = JsonPaths.item(path, i);
            checkNotReserved(containers.get(i).name(), containerPath, findings);
            for (String dependency : containers.get(i).dependencies()) {
                if (!dependencies.containsKey(dependency)) {
                    findings.problem(
                            JsonPaths.field(containerPath, "dependencies"),
                            "container \"" + dependency + "\" not found"
                                    + Suggestions.known(dependency, dependencies.keySet()));
                }
            }
        }
        Cycles.find(dependencies)
                .ifPresent(cycle -> findings.problem(path, "depend on each other: " + String.join(" -> ", cycle)));
        if (movesData(resolved.template()) && !CalledOutputs.hasMain(set)) {
            findings.problem(path, "need a container named \"main\", because the template has inputs or outputs");
        }
    }

    private static boolean movesData(Template template) {
        return !template.inputs().artifacts().isEmpty()
                || !template.outputs().parameters().isEmpty()
                || !template.outputs().artifacts().isEmpty();
    }

    static void checkNotReserved(String name, String path, Findings findings) {
        if (RESERVED.contains(name) || name.startsWith(RESERVED_START)) {
            findings.problem(JsonPaths.field(path, "name"), "\"" + name + "\" is reserved");
        }
    }
}
