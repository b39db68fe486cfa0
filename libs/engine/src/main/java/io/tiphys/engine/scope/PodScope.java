package io.tiphys.engine.scope;

import io.tiphys.api.Artifact;
import io.tiphys.api.Parameter;
import io.tiphys.api.Template;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Unit;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables within a template that runs as one node: its inputs, its own names, its output paths, its earlier attempts. */
public final class PodScope implements Scope {
    private static final String PARAMETERS = "outputs.parameters.";
    private static final String ARTIFACTS = "outputs.artifacts.";

    private final Node node;
    private final @Nullable CompiledTemplate template;
    private final Scope outer;

    public PodScope(Node node) {
        this.node = node;
        this.template = node.template();
        this.outer = new InputsScope(node.inputs(), node.run().scope());
    }

    @Override
    public @Nullable Object get(String name) {
        return switch (name) {
            case "pod.name" -> node.podName();
            case "node.name" ->
                node.isAttempt() && node.parent() != null ? node.parent().name() : node.name();
            case "steps.name" -> unitName(false);
            case "tasks.name" -> unitName(true);
            case "retries" -> node.isAttempt() ? Integer.toString(node.origin().index()) : null;
            case "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message" -> lastRetry(name);
            default -> name.startsWith("outputs.") ? path(name) : outer.get(name);
        };
    }

    private @Nullable Object path(String name) {
        if (template == null || !name.endsWith(".path")) {
            return null;
        }
        Template declared = template.template();
        if (name.startsWith(PARAMETERS)) {
            String key = name.substring(PARAMETERS.length(), name.length() - ".path".length());
            for (Parameter parameter : declared.outputs().parameters()) {
                if (parameter.name().equals(key) && parameter.valueFrom() != null) {
                    return parameter.valueFrom().path();
                }
            }
        } else if (name.startsWith(ARTIFACTS)) {
            String key = name.substring(ARTIFACTS.length(), name.length() - ".path".length());
            for (Artifact artifact : declared.outputs().artifacts()) {
                if (artifact.name().equals(key)) {
                    return artifact.path();
                }
            }
        }
        return null;
    }

    private @Nullable Object lastRetry(String name) {
        if (!node.isAttempt()) {
            return null;
        }
        Node last = previous();
        return switch (name) {
            case "lastRetry.exitCode" -> {
                String exitCode = last == null || last.outputs() == null
                        ? null
                        : last.outputs().exitCode();
                yield exitCode == null ? "0" : exitCode;
            }
            case "lastRetry.status" -> last == null ? "" : last.phase().json();
            case "lastRetry.duration" -> last == null ? "0" : RetryScope.duration(last);
            default -> last == null || last.message() == null ? "" : last.message();
        };
    }

    private @Nullable Node previous() {
        Node before = null;
        if (node.parent() != null) {
            for (Node attempt : node.parent().members()) {
                if (attempt == node) {
                    return before;
                }
                if (attempt.isAttempt()) {
                    before = attempt;
                }
            }
        }
        return before;
    }

    private @Nullable String unitName(boolean task) {
        Node named = node.isAttempt() && node.parent() != null ? node.parent() : node;
        Unit unit = named.unit();
        if (unit == null || unit.isTask() != task) {
            return null;
        }
        return named.unitText();
    }

    @Override
    public Instant now() {
        return Instant.ofEpochMilli(node.startedAt());
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(outer.names());
        names.add("pod.name");
        names.add("node.name");
        if (node.isAttempt()) {
            names.addAll(List.of(
                    "retries", "lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message"));
        }
        return names;
    }
}
