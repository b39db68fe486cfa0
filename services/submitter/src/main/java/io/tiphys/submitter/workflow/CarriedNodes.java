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
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The nodes that a workflow begins with when it goes on where an earlier one ended; a controller takes them over as they are. */
final class CarriedNodes {
    private CarriedNodes() {}

    /**
     * The status of a finished workflow at the moment at which it is retried: what failed is gone, the groups around it are open.
     *
     * @param earlier with all of its nodes
     */
    static WorkflowStatus retried(
            Workflow earlier,
            boolean restartSuccessful,
            NodeFieldSelector selector,
            List<String> parameters,
            Instant now) {
        WorkflowDefinition definition = WorkflowDefinition.compile(earlier, References.NONE.frozenBy(earlier));
        Run run = Run.adopt(definition, earlier.getStatus());
        Input.RetryRequested retry = new Input.RetryRequested(restartSuccessful, selector, parameters, now);
        Engine.decide(run, retry).events().forEach(event -> Engine.evolve(run, event));
        return running(earlier.getStatus(), Projection.withNodes(run).nodes(), now);
    }

    /**
     * Argo's memoized nodes: what succeeded is skipped with the outputs that it had, the groups around it are open, the rest is made anew.
     *
     * @param earlier with all of its nodes
     * @param name of the new workflow
     */
    static WorkflowStatus memoized(Workflow earlier, String name, Instant now) {
        String old = earlier.getMetadata().getName();
        Collection<NodeStatus> nodes = earlier.getStatus().nodes().values();
        Set<String> left = outdatedAttempts(nodes);
        Map<String, NodeStatus> kept = new LinkedHashMap<>();
        for (NodeStatus node : nodes) {
            boolean isExit = node.name().equals(old + ".onExit") || node.name().startsWith(old + ".onExit");
            if (!isExit && left.stream().noneMatch(attempt -> isBelow(node.name(), attempt)) && isReusable(node)) {
                kept.put(node.id(), node);
            }
        }
        Map<String, String> ids = new HashMap<>();
        kept.values().forEach(node -> ids.put(node.id(), id(name, newName(node.name(), old, name))));
        Map<String, NodeStatus> carried = new LinkedHashMap<>();
        for (NodeStatus node : kept.values()) {
            NodeStatus renamed = node.withName(newName(node.name(), old, name))
                    .withId(ids.getOrDefault(node.id(), node.id()))
                    .withBoundaryID(node.boundaryID() == null ? null : ids.get(node.boundaryID()))
                    .withChildren(mapped(node.children(), ids))
                    .withOutboundNodes(mapped(node.outboundNodes(), ids))
                    .withStartedAt(now);
            carried.put(
                    renamed.id(),
                    isGroup(node.type())
                            ? renamed.withPhase(NodePhase.RUNNING)
                                    .withMessage(null)
                                    .withFinishedAt(null)
                            : renamed.withFinishedAt(now)
                                    .withType(NodeType.SKIPPED)
                                    .withPhase(NodePhase.SKIPPED)
                                    .withMessage(
                                            node.type() == NodeType.POD
                                                    ? "original pod: " + node.id()
                                                    : node.message()));
        }
        return running(
                WorkflowStatus.NONE.withStoredTemplates(earlier.getStatus().storedTemplates()), carried, now);
    }

    private static WorkflowStatus running(WorkflowStatus earlier, Map<String, NodeStatus> nodes, Instant now) {
        return earlier.withNodes(nodes)
                .withCompressedNodes(null)
                .withOffloadNodeStatusVersion(null)
                .withPhase(WorkflowPhase.RUNNING)
                .withMessage(null)
                .withStartedAt(now)
                .withFinishedAt(null)
                .withPersistentVolumeClaims(List.of())
                .withConditions(List.of());
    }

    /** Names of all attempts at composites but the last of each. */
    private static Set<String> outdatedAttempts(Collection<NodeStatus> nodes) {
        Set<String> outdated = new HashSet<>();
        Map<String, NodeStatus> last = new HashMap<>();
        for (NodeStatus node : nodes) {
            if (isGroup(node.type())
                    && node.nodeFlag() != null
                    && node.nodeFlag().retried()) {
                NodeStatus known = last.put(node.name().substring(0, node.name().lastIndexOf('(')), node);
                if (known != null) {
                    boolean isYounger = number(known.name()) < number(node.name());
                    outdated.add(isYounger ? known.name() : node.name());
                    last.put(node.name().substring(0, node.name().lastIndexOf('(')), isYounger ? node : known);
                }
            }
        }
        return outdated;
    }

    private static int number(String attempt) {
        String digits = attempt.substring(attempt.lastIndexOf('(') + 1, attempt.length() - 1);
        return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : -1;
    }

    private static boolean isBelow(String name, String top) {
        return name.equals(top)
                || (name.startsWith(top) && (name.charAt(top.length()) == '.' || name.charAt(top.length()) == '['));
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
