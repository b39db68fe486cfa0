package io.tiphys.engine.launch;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Command;
import io.tiphys.engine.Containers;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.scope.BoundaryScope;
import io.tiphys.engine.scope.GlobalOutputs;
import io.tiphys.engine.scope.OutputsResolver;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The end of a steps or dag node: outputs, daemons, phase. */
public final class Boundaries {
    public static final String FAILED_FAST = "template has failed or errored children and failFast enabled";

    private Boundaries() {}

    /** Ends a steps or dag node whose children did what they should. */
    public static void succeed(Draft draft, Node node, CompiledTemplate template) {
        switch (OutputsResolver.resolve(template.outputs(), BoundaryScope.of(draft.run(), node))) {
            case OutputsResolver.Outcome.Problem(var message) ->
                finish(draft, node, NodePhase.ERROR, Faults.told(node, message));
            case OutputsResolver.Outcome.Resolved(Outputs outputs)
            when outputs != null -> {
                draft.add(new Event.NodeOutputsChanged(node.seq(), outputs));
                GlobalOutputs.add(draft, outputs);
                finish(draft, node, NodePhase.SUCCEEDED, null);
            }
            case OutputsResolver.Outcome.Resolved _ -> finish(draft, node, NodePhase.SUCCEEDED, null);
        }
    }

    /** Ends a steps or dag node, and the daemons that lived for it. */
    public static void finish(Draft draft, Node node, NodePhase phase, @Nullable String message) {
        endDaemons(draft, node);
        draft.add(new Event.NodePhaseChanged(node.seq(), phase, message, draft.at()));
    }

    /** Ends the daemons that lived for this boundary; for null those of the workflow itself. */
    public static void endDaemons(Draft draft, @Nullable Node boundary) {
        for (Node daemon : daemonsOf(draft.run(), boundary)) {
            draft.add(new Event.NodeDaemoned(daemon.seq(), false));
            endDaemon(draft, daemon);
            Node next = daemon.type() == NodeType.RETRY && daemon.family() != null
                    ? daemon.family().lastAttempt()
                    : null;
            if (next != null && !next.isFinal() && !next.isDaemoned()) {
                endDaemon(draft, next); // the one that was ready has failed, this one was to take its place
            }
        }
    }

    private static void endDaemon(Draft draft, Node daemon) {
        for (Node container : Containers.of(daemon)) {
            if (!container.isFinal()) {
                draft.add(new Event.NodePhaseChanged(container.seq(), NodePhase.SUCCEEDED, null, draft.at()));
            }
        }
        draft.add(new Event.NodePhaseChanged(daemon.seq(), NodePhase.SUCCEEDED, daemon.message(), draft.at()));
        if (daemon.type() == NodeType.POD) {
            draft.add(new Command.EndPod(
                    daemon.id(), daemon.podName(), Command.EndPod.How.TERMINATE, "daemon is no longer needed"));
        }
    }

    private static List<Node> daemonsOf(Run run, @Nullable Node boundary) {
        if (boundary != null) {
            Family family = boundary.family();
            return family == null ? List.of() : family.daemons();
        }
        List<Node> daemons = new ArrayList<>();
        for (Node node : run.nodes()) {
            if (node.boundary() == null && node.isDaemoned()) {
                daemons.add(node);
            }
        }
        return daemons;
    }
}
