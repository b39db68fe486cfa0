package io.tiphys.engine.pod;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Command;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.scope.GlobalOutputs;
import io.tiphys.engine.scope.PodScope;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.CompiledText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Ends a node that is a pod: its containers, the outputs that its template writes down itself, and last the node. */
final class PodEnding {
    static final String OUTLIVED = "main has ended, and containers that were put into the pod would run on";

    private PodEnding() {}

    static void end(Draft draft, Node node, End end, Instant at) {
        end(draft, node, end.phase(), end.message(), at);
    }

    static void end(Draft draft, Node node, NodePhase phase, @Nullable String message, Instant at) {
        if (node.isDaemoned()) {
            draft.add(new Event.NodeDaemoned(node.seq(), false));
        }
        ContainerSet.end(draft, node, phase, message, at);
        if (phase == NodePhase.SUCCEEDED) {
            writtenOutputs(draft, node);
        }
        draft.add(new Event.NodePhaseChanged(node.seq(), phase, message, at));
    }

    /** Output parameters whose value the template itself writes down: nobody needs to report them. */
    private static void writtenOutputs(Draft draft, Node node) {
        Outputs known = draft.outputsOf(node);
        List<Parameter> added = new ArrayList<>();
        for (Parameter declared : DeclaredOutputs.of(node).parameters()) {
            String value = declared.value();
            boolean reported = known != null
                    && known.parameters().stream()
                            .anyMatch(other -> other.name().equals(declared.name()));
            if (value != null
                    && !reported
                    && Texts.render(CompiledText.compile(value), new PodScope(node))
                            instanceof Texts.Outcome.Text(var text)) {
                added.add(declared.withValue(text));
            }
        }
        if (!added.isEmpty()) {
            Outputs base = known == null ? Outputs.NONE : known;
            added.addAll(0, base.parameters());
            Outputs outputs = base.withParameters(added);
            draft.add(new Event.NodeOutputsChanged(node.seq(), outputs));
            GlobalOutputs.add(draft, outputs);
        }
    }

    /** Ends a pod that containers which were put into it would keep running. */
    static void endOutlived(Draft draft, Node node) {
        draft.add(new Command.EndPod(node.id(), node.podName(), Command.EndPod.How.TERMINATE, OUTLIVED));
    }
}
