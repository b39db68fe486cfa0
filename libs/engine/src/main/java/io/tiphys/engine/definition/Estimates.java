package io.tiphys.engine.definition;

import io.tiphys.engine.Node;
import io.tiphys.engine.NodeNames;
import java.util.Map;

/**
 * How long it took the last time: {@code estimatedDuration} of workflow and nodes, from the latest succeeded workflow of
 * the same template or schedule.
 *
 * @param baseline name of that workflow; empty for none
 * @param ofWorkflow in seconds
 * @param ofNodes seconds by id of the node in that workflow
 */
public record Estimates(String baseline, long ofWorkflow, Map<String, Long> ofNodes) {
    public static final Estimates NONE = new Estimates("", 0, Map.of());

    public Estimates {
        ofNodes = Map.copyOf(ofNodes);
    }

    /** In seconds; 0 if nothing is known of a node of this name. */
    public long of(Node node) {
        if (ofNodes.isEmpty()) {
            return 0;
        }
        String workflow = node.run().definition().name();
        String suffix = node.name().substring(workflow.length());
        String id = suffix.isEmpty()
                ? baseline
                : baseline + "-" + Integer.toUnsignedString(NodeNames.hash(baseline + suffix));
        return ofNodes.getOrDefault(id, 0L);
    }
}
