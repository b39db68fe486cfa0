package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A workflow as its status shows it.
 *
 * @param name the workflow's
 * @param phase "" as long as it has none
 * @param suspended {@code spec.suspend} is set
 */
public record Observed(String name, String phase, String message, boolean suspended, List<ObservedNode> nodes) {
    private static final Set<String> ENDS = Set.of("Succeeded", "Failed", "Error");

    public Observed {
        nodes = List.copyOf(nodes);
    }

    /** A workflow that nobody has looked at yet. */
    public static Observed nothing(String name) {
        return new Observed(name, "", "", false, List.of());
    }

    /** From the object as the API gives it. */
    public static Observed of(JsonNode workflow) {
        JsonNode status = workflow.path("status");
        List<ObservedNode> nodes = new ArrayList<>();
        status.path("nodes").forEach(node -> nodes.add(ObservedNode.of(node)));
        return new Observed(
                workflow.path("metadata").path("name").asText(""),
                status.path("phase").asText(""),
                status.path("message").asText(""),
                workflow.path("spec").path("suspend").asBoolean(false),
                nodes);
    }

    public boolean isOver() {
        return ENDS.contains(phase);
    }

    /** The tree in the form that cases give it in. */
    public Map<String, String> tree() {
        Map<String, String> tree = new LinkedHashMap<>();
        for (ObservedNode node : nodes) {
            tree.put(shown(node.name()), node.type() + "/" + node.phase());
        }
        return tree;
    }

    /** With {@code $wf} for the workflow's name. */
    public String shown(String nodeName) {
        return nodeName.startsWith(name) ? "$wf" + nodeName.substring(name.length()) : nodeName;
    }

    /** The node that a case calls this: its full name after {@code $wf}, or else its display name. */
    public Optional<ObservedNode> node(String called) {
        if (called.startsWith("$wf")) {
            String full = name + called.substring("$wf".length());
            return nodes.stream().filter(node -> node.name().equals(full)).findFirst();
        }
        List<ObservedNode> named =
                nodes.stream().filter(node -> node.displayName().equals(called)).toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    /** Why nodes didn't succeed, the innermost first; for people. */
    public String troubles() {
        List<String> troubles = nodes.stream()
                .filter(node -> node.phase().equals("Failed") || node.phase().equals("Error"))
                .sorted((a, b) ->
                        Boolean.compare(b.type().equals("Pod"), a.type().equals("Pod")))
                .limit(3)
                .map(node -> node.displayName() + ": " + node.message())
                .toList();
        return (message.isEmpty() ? "" : message + (troubles.isEmpty() ? "" : "; ")) + String.join("; ", troubles);
    }
}
