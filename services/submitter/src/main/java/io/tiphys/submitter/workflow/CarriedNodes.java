package io.tiphys.submitter.workflow;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.engine.Engine;
import io.tiphys.engine.Input;
import io.tiphys.engine.NodeNames;
import io.tiphys.engine.Run;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.engine.status.Projection;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a workflow begins with when it goes on where an earlier one ended; a controller takes the nodes over as they are.
 *
 * @param status without nodes
 * @param nodes what a retry leaves of an earlier workflow is in memory; what is memoized is read from where it is kept, each time
 * @param isEmpty whether there are none
 */
record CarriedNodes(WorkflowStatus status, Nodes nodes, boolean isEmpty) {

    /**
     * A finished workflow at the moment at which it is retried: what failed is gone, the groups around it are open.
     *
     * @param earlier without its nodes
     * @param nodes all of its nodes
     */
    static CarriedNodes retried(
            Workflow earlier,
            Nodes nodes,
            boolean restartSuccessful,
            NodeFieldSelector selector,
            List<String> parameters,
            Instant now) {
        WorkflowDefinition definition = WorkflowDefinition.compile(earlier, References.NONE.frozenBy(earlier));
        Run run = Run.adopt(definition, earlier.getStatus().withNodes(inMemory(nodes)));
        Input.RetryRequested retry = new Input.RetryRequested(restartSuccessful, selector, parameters, now);
        Engine.decide(run, retry).events().forEach(event -> Engine.evolve(run, event));
        return new CarriedNodes(
                running(earlier.getStatus(), now),
                taker -> run.nodes().forEach(node -> taker.accept(Projection.node(node))),
                false);
    }

    private static Map<String, NodeStatus> inMemory(Nodes nodes) {
        Map<String, NodeStatus> known = new LinkedHashMap<>();
        nodes.forEach(node -> known.put(node.id(), node));
        return known;
    }

    /**
     * Argo's memoized nodes: what succeeded is skipped with the outputs that it had, the groups around it are open, the rest is made anew.
     *
     * @param earlier without its nodes
     * @param nodes all of its nodes
     * @param name of the new workflow
     */
    static CarriedNodes memoized(Workflow earlier, Nodes nodes, String name, Instant now) {
        String old = earlier.getMetadata().getName();
        Map<String, String> ids = newIds(nodes, old, name);
        return new CarriedNodes(
                running(
                        WorkflowStatus.NONE.withStoredTemplates(
                                earlier.getStatus().storedTemplates()),
                        now),
                taker -> nodes.forEach(node -> {
                    if (ids.containsKey(node.id())) {
                        taker.accept(memoized(renamed(node, old, name, ids), node, now));
                    }
                }),
                ids.isEmpty());
    }

    private static NodeStatus memoized(NodeStatus renamed, NodeStatus earlier, Instant now) {
        NodeStatus started = renamed.withStartedAt(now);
        return isGroup(started.type())
                ? started.withPhase(NodePhase.RUNNING).withMessage(null).withFinishedAt(null)
                : started.withFinishedAt(now)
                        .withType(NodeType.SKIPPED)
                        .withPhase(NodePhase.SKIPPED)
                        .withMessage(
                                earlier.type() == NodeType.POD ? "original pod: " + earlier.id() : earlier.message());
    }

    private static NodeStatus renamed(NodeStatus node, String old, String name, Map<String, String> ids) {
        return node.withName(newName(node.name(), old, name))
                .withId(ids.getOrDefault(node.id(), node.id()))
                .withBoundaryID(node.boundaryID() == null ? null : ids.get(node.boundaryID()))
                .withChildren(mapped(node.children(), ids))
                .withOutboundNodes(mapped(node.outboundNodes(), ids));
    }

    /** The ids that the nodes to be kept get, by those that they have. */
    private static Map<String, String> newIds(Nodes nodes, String old, String name) {
        Attempts attempts = new Attempts();
        Map<String, String> names = new LinkedHashMap<>();
        nodes.forEach(node -> {
            attempts.see(node);
            if (isReusable(node) && !node.name().startsWith(old + ".onExit")) {
                names.put(node.id(), node.name());
            }
        });
        Map<String, String> ids = new LinkedHashMap<>();
        names.forEach((id, earlier) -> {
            if (!attempts.isOutdated(earlier)) {
                ids.put(id, id(name, newName(earlier, old, name)));
            }
        });
        return ids;
    }

    private static WorkflowStatus running(WorkflowStatus earlier, Instant now) {
        return earlier.withNodes(Map.of())
                .withCompressedNodes(null)
                .withOffloadNodeStatusVersion(null)
                .withPhase(WorkflowPhase.RUNNING)
                .withMessage(null)
                .withStartedAt(now)
                .withFinishedAt(null)
                .withPersistentVolumeClaims(List.of())
                .withConditions(List.of());
    }

    /** Which attempts at composites aren't the last of theirs. */
    private static final class Attempts {
        private final Set<String> outdated = new HashSet<>();
        private final Map<String, String> last = new HashMap<>();

        void see(NodeStatus node) {
            String name = node.name();
            int parenthesis = name.lastIndexOf('('); // a hook that is retried has the flag as well, and none
            boolean isAttempt = node.nodeFlag() != null && node.nodeFlag().retried() && parenthesis >= 0;
            if (isAttempt && isGroup(node.type())) {
                String retried = name.substring(0, parenthesis);
                String known = last.put(retried, name);
                if (known != null) {
                    boolean isYounger = number(known) < number(name);
                    outdated.add(isYounger ? known : name);
                    last.put(retried, isYounger ? name : known);
                }
            }
        }

        /** Whether a node of this name is such an attempt, or is inside of one. */
        boolean isOutdated(String name) {
            if (outdated.isEmpty()) {
                return false;
            }
            for (int i = 0; i < name.length(); i++) {
                if ((name.charAt(i) == '.' || name.charAt(i) == '[') && outdated.contains(name.substring(0, i))) {
                    return true;
                }
            }
            return outdated.contains(name);
        }
    }

    private static int number(String attempt) {
        String digits = attempt.substring(attempt.lastIndexOf('(') + 1, attempt.length() - 1);
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : -1;
    }

    private static boolean isReusable(NodeStatus node) {
        return isGroup(node.type())
                || (node.type() == NodeType.POD && node.phase() == NodePhase.SUCCEEDED)
                || node.phase() == NodePhase.SKIPPED;
    }

    private static boolean isGroup(NodeType type) {
        return switch (type) {
            case STEPS, STEP_GROUP, DAG, TASK_GROUP, RETRY -> true;
            case UNKNOWN, POD, CONTAINER, SKIPPED, SUSPEND, HTTP, PLUGIN -> false;
        };
    }

    private static String newName(String node, String old, String name) {
        return node.startsWith(old) ? name + node.substring(old.length()) : node;
    }

    private static String id(String workflow, String node) {
        return node.equals(workflow) ? workflow : workflow + "-" + Integer.toUnsignedString(NodeNames.hash(node));
    }

    private static List<String> mapped(List<String> earlier, Map<String, String> ids) {
        return earlier.stream().filter(ids::containsKey).map(ids::get).collect(Collectors.toList());
    }
}
