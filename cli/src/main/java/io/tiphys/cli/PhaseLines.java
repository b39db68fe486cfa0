package io.tiphys.cli;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plain line for every change of a phase, for logs and pipes. */
final class PhaseLines implements Progress {
    private final Terminal terminal;
    private final Map<String, Phase> seen = new HashMap<>();
    private @Nullable Phase workflowPhase;

    PhaseLines(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void show(WorkflowView workflow) {
        for (NodeView node : workflow.nodes().values()) {
            Phase phase = node.phase();
            boolean worthALine = !node.type().equals("StepGroup") && phase != Phase.UNKNOWN;
            if (seen.put(node.id(), phase) != phase && worthALine && !node.id().equals(workflow.name())) {
                String duration = phase.isFinal() ? node.duration(Instant.now()) : "";
                line(phase, inside(workflow, node), duration, node.message());
            }
        }
        if (workflow.phase() != workflowPhase) {
            workflowPhase = workflow.phase();
            if (!workflow.phase().isFinal() || workflow.isDone()) {
                line(
                        workflow.phase(),
                        workflow.name(),
                        workflow.isDone() ? workflow.duration(Instant.now()) : "",
                        workflow.message());
            } else {
                workflowPhase = null;
            }
        }
    }

    /** The node's name without the workflow's. */
    private static String inside(WorkflowView workflow, NodeView node) {
        String prefix = workflow.name() + ".";
        return node.name().startsWith(prefix) ? node.name().substring(prefix.length()) : node.displayName();
    }

    private void line(Phase phase, String name, String duration, String message) {
        terminal.line(terminal.style(phase.style(), phase.icon() + " " + name + "  " + phase.word())
                + (duration.isEmpty() ? "" : "  " + duration)
                + (message.isEmpty() ? "" : "  " + message.replace('\n', ' ')));
    }
}
