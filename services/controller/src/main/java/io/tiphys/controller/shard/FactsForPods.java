package io.tiphys.controller.shard;

import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.Node;
import io.tiphys.engine.scope.NodeSpecScope;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.pods.WorkflowFacts;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What pods need to know of one workflow; made again only when variables in it may have got other values. */
final class FactsForPods {
    private final WorkflowRef ref;
    private final ShardContext shard;
    private @Nullable SpecVariables variables;
    private @Nullable WorkflowFacts lastFacts;

    FactsForPods(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    WorkflowFacts of(Active active) {
        SpecVariables filled = variables;
        if (filled == null || !filled.areOf(active.spec())) {
            filled = new SpecVariables(active.spec());
            variables = filled;
            lastFacts = null;
        }
        WorkflowFacts last = lastFacts;
        if (last != null && filled.isConstant()) {
            return last;
        }
        WorkflowFacts made = made(active, filled.fill(active.run().scope()));
        lastFacts = made;
        return made;
    }

    /** The same for the pod of one node, which the workflow's spec may name. */
    WorkflowFacts of(Active active, Node node) {
        WorkflowFacts ofAll = of(active);
        SpecVariables filled = variables;
        return filled != null && filled.namesNodes() ? made(active, filled.fill(new NodeSpecScope(node))) : ofAll;
    }

    private WorkflowFacts made(Active active, WorkflowSpec spec) {
        var meta = active.definition().workflow().getMetadata();
        return new WorkflowFacts(
                ref.namespace(),
                ref.name(),
                ref.uid(),
                shard.number(),
                Instants.parse(meta.getCreationTimestamp()).orElse(shard.now()),
                Optional.ofNullable(meta.getLabels()).orElse(Map.of()),
                Optional.ofNullable(meta.getAnnotations()).orElse(Map.of()),
                spec,
                active.definition().repository(),
                VolumeClaims.volumes(ref.name(), spec));
    }
}
