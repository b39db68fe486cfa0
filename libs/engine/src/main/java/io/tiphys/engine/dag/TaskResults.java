package io.tiphys.engine.dag;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.Node;
import io.tiphys.expression.TaskResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code depends} may ask of a task, as bits of {@link TaskResult}. */
final class TaskResults {
    private TaskResults() {}

    static int of(@Nullable Node node) {
        if (node == null) {
            return 0;
        }
        int results = ofPhase(node.phase());
        if (node.isDaemoned() && node.phase() != NodePhase.PENDING) {
            results |= TaskResult.DAEMONED.bit();
        }
        return node.type() == NodeType.TASK_GROUP ? results | ofItems(node.members()) : results;
    }

    private static int ofItems(List<Node> items) {
        boolean any = false;
        boolean all = !items.isEmpty();
        for (Node item : items) {
            any |= item.phase() == NodePhase.SUCCEEDED;
            all &= item.phase() == NodePhase.FAILED;
        }
        return (any ? TaskResult.ANY_SUCCEEDED.bit() : 0) | (all ? TaskResult.ALL_FAILED.bit() : 0);
    }

    private static int ofPhase(NodePhase phase) {
        return switch (phase) {
            case SUCCEEDED -> TaskResult.SUCCEEDED.bit();
            case FAILED -> TaskResult.FAILED.bit();
            case ERROR -> TaskResult.ERRORED.bit();
            case SKIPPED -> TaskResult.SKIPPED.bit();
            case OMITTED -> TaskResult.OMITTED.bit();
            case PENDING, RUNNING, UNKNOWN -> 0;
        };
    }
}
