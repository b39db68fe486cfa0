package io.tiphys.engine.scope;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of one step or task: {@code steps.x.status}, {@code steps.x.outputs.parameters.y}, … */
final class UnitValues {
    private static final String PARAMETERS = "outputs.parameters.";
    private static final String ARTIFACTS = "outputs.artifacts.";
    private static final Artifact NO_ARTIFACT = new io.tiphys.api.Artifact(
            "", null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, false,
            null, false, null, null, false);

    private UnitValues() {}

    static @Nullable Object get(Node boundary, CompiledTemplate template, Unit unit, String name) {
        int ordinal = template.ordinal(unit);
        List<Node> loop = boundary.loopNodes(ordinal);
        Node node = boundary.unitNode(ordinal);
        if (loop != null && !loop.isEmpty()) {
            if (name.startsWith("outputs.")) {
                return aggregate(boundary, ordinal, loop, name);
            }
            // Argo: an expanded step shows its group's facts, an expanded task those of its task group
            node = node == null ? loop.getFirst().parent() : node;
        }
        return node == null ? null : of(node, unit, name);
    }

    private static @Nullable Object of(Node unitNode, Unit unit, String name) {
        Node node = facts(unitNode);
        return switch (name) {
            case "id" -> node.id();
            case "startedAt" -> time(node.startedAt());
            case "finishedAt" -> time(node.finishedAt());
            case "ip" -> node.podIp();
            case "status" -> node.phase().json();
            case "hostNodeName" -> node.hostName();
            case "exitCode" -> node.outputs() == null ? null : node.outputs().exitCode();
            default -> name.startsWith("outputs.") ? output(node, unit, name) : null;
        };
    }

    /** Argo: the last attempt speaks for a retried node. */
    private static Node facts(Node node) {
        Family family = node.family();
        if (node.type() == NodeType.RETRY && family != null) {
            Node last = family.lastAttempt();
            return last == null ? node : last;
        }
        return node;
    }

    private static @Nullable Object output(Node node, Unit unit, String name) {
        Outputs outputs = node.outputs();
        if (outputs == null) {
            boolean never = node.phase() == NodePhase.SKIPPED || node.phase() == NodePhase.OMITTED;
            return never ? skipped(node, unit, name) : null;
        }
        if (name.equals("outputs.result")) {
            return outputs.result();
        }
        if (name.startsWith(PARAMETERS)) {
            String key = name.substring(PARAMETERS.length());
            for (Parameter parameter : outputs.parameters()) {
                if (parameter.name().equals(key)) {
                    return parameter.value();
                }
            }
        } else if (name.startsWith(ARTIFACTS)) {
            String key = name.substring(ARTIFACTS.length());
            for (Artifact artifact : outputs.artifacts()) {
                if (artifact.name().equals(key)) {
                    return artifact;
                }
            }
        }
        return null;
    }

    /** Outputs that a skipped or omitted node would have had: declared defaults, or absent. */
    private static @Nullable Object skipped(Node node, Unit unit, String name) {
        if (unit.loop() != null && (name.equals("outputs.result") || name.equals("outputs.parameters"))) {
            return "[]";
        }
        WorkflowDefinition definition = node.run().definition();
        CompiledTemplate caller =
                node.boundary() == null ? null : node.boundary().template();
        if (!(definition.resolve(caller, unit.callee(), unit.name(), node.run().scope())
                instanceof WorkflowDefinition.Resolution.Found(var template))) {
            return null;
        }
        Outputs declared = template.template().outputs();
        if (name.startsWith(PARAMETERS)) {
            String key = name.substring(PARAMETERS.length());
            for (Parameter parameter : declared.parameters()) {
                if (parameter.name().equals(key)) {
                    String value = parameter.valueFrom() == null
                            ? null
                            : parameter.valueFrom().defaultValue();
                    return value == null ? Scope.ABSENT : value;
                }
            }
        } else if (name.startsWith(ARTIFACTS) && !unit.isTask()) {
            // Argo: steps know an empty artifact then, dags none
            String key = name.substring(ARTIFACTS.length());
            return declared.artifacts().stream()
                            .anyMatch(artifact -> artifact.name().equals(key))
                    ? NO_ARTIFACT
                    : null;
        } else if (name.equals("outputs.result")) {
            return Scope.ABSENT;
        }
        return null;
    }

    private static @Nullable Object aggregate(Node boundary, int ordinal, List<Node> loop, String name) {
        Family family = boundary.family();
        if (family == null) {
            return null;
        }
        // the aggregates are made once, when all items are done and somebody asks
        boolean done =
                loop.getLast().parent() != null && loop.getLast().parent().isFinal();
        Map.Entry<Integer, String> key = Map.entry(ordinal, "aggregates");
        Object known = done ? family.memo(key) : null;
        Aggregates aggregates = known instanceof Aggregates made ? made : Aggregates.of(loop);
        if (done && known == null) {
            family.memo(key, aggregates);
        }
        if (name.equals("outputs.result")) {
            return aggregates.result();
        }
        if (name.equals("outputs.parameters")) {
            return aggregates.parameters();
        }
        return name.startsWith(PARAMETERS) ? aggregates.parameter(name.substring(PARAMETERS.length())) : null;
    }

    static void names(Node boundary, CompiledTemplate template, Unit unit, String prefix, List<String> names) {
        int ordinal = template.ordinal(unit);
        List<Node> loop = boundary.loopNodes(ordinal);
        if (loop != null && !loop.isEmpty()) {
            names.add(prefix + "status");
            names.add(prefix + "outputs.result");
            names.add(prefix + "outputs.parameters");
            for (Parameter parameter : declared(loop.getFirst())) {
                names.add(prefix + PARAMETERS + parameter.name());
            }
            return;
        }
        Node unitNode = boundary.unitNode(ordinal);
        if (unitNode == null) {
            return;
        }
        Node node = facts(unitNode);
        names.add(prefix + "id");
        names.add(prefix + "status");
        for (String name : List.of("startedAt", "finishedAt", "ip", "hostNodeName", "exitCode", "outputs.result")) {
            if (of(node, unit, name) != null) {
                names.add(prefix + name);
            }
        }
        Outputs outputs = node.outputs();
        if (outputs != null) {
            outputs.parameters().forEach(parameter -> names.add(prefix + PARAMETERS + parameter.name()));
            outputs.artifacts().forEach(artifact -> names.add(prefix + ARTIFACTS + artifact.name()));
        } else if (node.phase() == NodePhase.SKIPPED || node.phase() == NodePhase.OMITTED) {
            WorkflowDefinition definition = node.run().definition();
            if (definition.resolve(
                            template, unit.callee(), unit.name(), node.run().scope())
                    instanceof WorkflowDefinition.Resolution.Found(var skipped)) {
                for (Parameter parameter : skipped.template().outputs().parameters()) {
                    names.add(prefix + PARAMETERS + parameter.name());
                }
            }
        }
    }

    private static List<Parameter> declared(Node node) {
        CompiledTemplate template = node.template();
        return template == null ? List.of() : template.template().outputs().parameters();
    }

    private static @Nullable String time(long millis) {
        return millis == 0 ? null : Instant.ofEpochSecond(millis / 1000).toString();
    }
}
