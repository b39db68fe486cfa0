package io.tiphys.engine.pod;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.tiphys.api.Outputs;
import io.tiphys.api.RetryStrategy;
import io.tiphys.api.Template;
import io.tiphys.engine.Command;
import io.tiphys.engine.Deadlines;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.TemplateKind;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.retry.RetryMachine;
import io.tiphys.engine.scope.FilledTemplate;
import io.tiphys.expression.GoDuration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the order for a node's pod: a function of the run, so that it can be made again any time. */
public final class PodOrders {
    private PodOrders() {}

    /** What became of it. */
    public sealed interface Outcome {
        record Order(Command.EnsurePod command) implements Outcome {}

        record Problem(String message) implements Outcome {}
    }

    public static Outcome of(Node node) {
        CompiledTemplate compiled = node.template();
        if (compiled == null) {
            return new Outcome.Problem("the node has no template");
        }
        Template template;
        switch (FilledTemplate.of(node)) {
            case FilledTemplate.Problem(var message) -> {
                return new Outcome.Problem(message);
            }
            case FilledTemplate.Filled(var found) -> template = found;
        }
        IntOrString active = template.activeDeadlineSeconds();
        Long activeSeconds;
        try {
            activeSeconds = active == null
                    ? null
                    : (Long)
                            (active.getStrVal() != null
                                    ? Long.parseLong(active.getStrVal().strip())
                                    : active.getIntVal().longValue());
        } catch (NumberFormatException e) {
            return new Outcome.Problem("activeDeadlineSeconds is no number: " + e.getMessage());
        }
        boolean includeResult = usesResult(node, compiled);
        CompiledTemplate boundary =
                node.boundary() == null ? null : node.boundary().template();
        return new Outcome.Order(new Command.EnsurePod(
                node.id(),
                node.name(),
                node.podName(),
                template,
                boundary == null ? null : boundary.template(),
                deadline(node, template),
                activeSeconds,
                hostsToAvoid(node),
                includeResult,
                movesData(compiled, template, includeResult),
                node.isOnExit()));
    }

    /** Argo: the result is captured when the text of the enclosing template reads it; the memo of a result is a reader, too. */
    private static boolean usesResult(Node node, CompiledTemplate compiled) {
        Node named = node.isAttempt() && node.parent() != null ? node.parent() : node;
        Unit unit = named.unit();
        return (unit != null && unit.resultUsed()) || compiled.template().memoize() != null;
    }

    /** When the pod must have ended: the workflow's deadline, the template's timeout, the retries' maximal duration. */
    static @Nullable Instant deadline(Node node, Template template) {
        Instant deadline = null;
        Long ofWorkflow = node.run().deadline();
        if (ofWorkflow != null && !node.isOnExit()) {
            deadline = Instant.ofEpochMilli(ofWorkflow);
        }
        Instant timeout = after(node.startedAt(), template.timeout());
        if (timeout != null && (deadline == null || timeout.isBefore(deadline))) {
            deadline = timeout;
        }
        Node retry = node.isAttempt() ? node.parent() : null;
        Instant limit = retry == null ? null : RetryMachine.limit(retry);
        return limit != null && (deadline == null || limit.isBefore(deadline)) ? limit : deadline;
    }

    /** That long after the start; null if the text is no duration. */
    public static @Nullable Instant after(long startedAt, @Nullable String duration) {
        return duration == null || duration.isEmpty()
                ? null
                : GoDuration.parseOrSeconds(duration)
                        .map(length -> Deadlines.after(Instant.ofEpochMilli(startedAt), length))
                        .orElse(null);
    }

    private static List<String> hostsToAvoid(Node node) {
        Node retry = node.isAttempt() ? node.parent() : null;
        RetryStrategy strategy = retry == null ? null : RetryMachine.strategyOf(retry);
        if (retry == null
                || strategy == null
                || strategy.affinity() == null
                || strategy.affinity().nodeAntiAffinity() == null) {
            return List.of();
        }
        List<String> hosts = new ArrayList<>();
        for (Node attempt : retry.members()) {
            String host = attempt.hostName();
            if (attempt != node && host != null && !hosts.contains(host)) {
                hosts.add(host);
            }
        }
        return hosts;
    }

    private static boolean movesData(CompiledTemplate compiled, Template template, boolean includeResult) {
        Outputs outputs = template.outputs();
        boolean reads = outputs.parameters().stream()
                .anyMatch(parameter ->
                        parameter.valueFrom() != null && parameter.valueFrom().path() != null);
        return includeResult
                || compiled.kind() == TemplateKind.SCRIPT
                || compiled.kind() == TemplateKind.RESOURCE
                || compiled.kind() == TemplateKind.DATA
                || reads
                || !outputs.artifacts().isEmpty()
                || !template.inputs().artifacts().isEmpty()
                || (template.archiveLocation() != null
                        && Boolean.TRUE.equals(template.archiveLocation().archiveLogs()));
    }
}
