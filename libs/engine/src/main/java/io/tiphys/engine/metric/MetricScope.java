package io.tiphys.engine.metric;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Node;
import io.tiphys.engine.scope.InputsScope;
import io.tiphys.expression.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The variables of a metric of a node that ends this way, with what the decision at hand makes of it. */
final class MetricScope implements Scope {
    private static final String PARAMETERS = "outputs.parameters.";
    private static final String RESOURCES = "resourcesDuration.";

    private final Draft draft;
    private final Node node;
    private final NodePhase phase;
    private final @Nullable String workflowStatus;
    private final Scope outer;

    /** Variables of a node; {@code workflowStatus} is for the workflow's own metrics, null for others. */
    MetricScope(Draft draft, Node node, NodePhase phase, @Nullable String workflowStatus) {
        this.draft = draft;
        this.node = node;
        this.phase = phase;
        this.workflowStatus = workflowStatus;
        this.outer = new InputsScope(node.inputs(), node.run().scope());
    }

    @Override
    public @Nullable Object get(String name) {
        Outputs outputs = draft.outputsOf(node);
        return switch (name) {
            case "duration" -> seconds(node.startedAt());
            case "status" -> phase.json();
            case "exitCode" -> outputs == null ? null : outputs.exitCode();
            case "outputs.result" -> outputs == null ? null : outputs.result();
            case "retries" -> Integer.toString(Math.max(0, node.members().size() - 1));
            case "workflow.status" -> workflowStatus == null ? outer.get(name) : workflowStatus;
            case "workflow.duration" -> seconds(node.run().startedAt());
            default -> byPrefix(name, outputs);
        };
    }

    private @Nullable Object byPrefix(String name, @Nullable Outputs outputs) {
        if (name.startsWith(RESOURCES)) {
            Long used = draft.resourcesOf(node).get(name.substring(RESOURCES.length()));
            return used == null ? "0" : used.toString();
        }
        if (name.startsWith(PARAMETERS) && outputs != null) {
            for (Parameter parameter : outputs.parameters()) {
                if (parameter.name().equals(name.substring(PARAMETERS.length()))) {
                    return parameter.value() == null ? "" : parameter.value();
                }
            }
        }
        return outer.get(name);
    }

    private String seconds(long since) {
        long until = node.isFinal() ? node.finishedAt() : draft.at().toEpochMilli();
        return String.format(Locale.ROOT, "%.6f", since == 0 ? 0.0 : Math.max(0, until - since) / 1000.0);
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(outer.names());
        names.addAll(List.of(
                "duration",
                "status",
                "exitCode",
                "retries",
                "workflow.duration",
                "outputs.result",
                RESOURCES + "cpu",
                RESOURCES + "memory"));
        Outputs outputs = draft.outputsOf(node);
        if (outputs != null) {
            outputs.parameters().forEach(parameter -> names.add(PARAMETERS + parameter.name()));
        }
        return names;
    }
}
