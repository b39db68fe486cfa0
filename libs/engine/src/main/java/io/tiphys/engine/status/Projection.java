package io.tiphys.engine.status;

import io.tiphys.api.Condition;
import io.tiphys.api.MemoizationStatus;
import io.tiphys.api.NodeFlag;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.TemplateRef;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.engine.Memo;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.Outbound;
import io.tiphys.engine.Run;
import io.tiphys.engine.definition.Callee;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Hook;
import io.tiphys.engine.definition.TemplateScope;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.launch.Boundaries;
import io.tiphys.engine.launch.Faults;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a run down as Argo does. */
public final class Projection {
    private Projection() {}

    public static WorkflowStatus withNodes(Run run) {
        Map<String, NodeStatus> nodes = new LinkedHashMap<>();
        Map<String, Boolean> synced = new LinkedHashMap<>();
        for (Node node : run.nodes()) {
            nodes.put(node.id(), node(node));
            if (node.resultSynced() != null) {
                synced.put(node.id(), node.resultSynced());
            }
        }
        return withoutNodes(run).withNodes(nodes).withTaskResultsCompletionStatus(synced);
    }

    public static WorkflowStatus withoutNodes(Run run) {
        boolean hasOutputs =
                !run.globalParameters().isEmpty() || !run.globalArtifacts().isEmpty();
        return WorkflowStatus.NONE
                .withPhase(run.phase())
                .withMessage(run.message())
                .withStartedAt(time(run.startedAt()))
                .withFinishedAt(time(run.finishedAt()))
                .withProgress(
                        run.phase() == WorkflowPhase.UNKNOWN ? null : run.progressDone() + "/" + run.progressTotal())
                .withResourcesDuration(run.resources())
                .withEstimatedDuration(run.definition().estimates().ofWorkflow())
                .withStoredTemplates(run.definition().storedTemplates())
                .withStoredWorkflowTemplateSpec(run.definition().storedSpec())
                .withOutputs(
                        hasOutputs
                                ? new Outputs(
                                        List.copyOf(run.globalParameters().values()),
                                        List.copyOf(run.globalArtifacts().values()),
                                        null,
                                        null)
                                : null)
                .withSynchronization(Holdings.of(run))
                .withConditions(conditions(run));
    }

    private static List<Condition> conditions(Run run) {
        List<Condition> conditions = new ArrayList<>();
        if (run.startedAt() > 0) {
            if (run.progressTotal() > 0) {
                conditions.add(new Condition("PodRunning", run.activePods() > 0 ? "True" : "False", null));
            }
        }
        if (run.phase().isFulfilled()) {
            conditions.add(new Condition("Completed", "True", null));
        }
        if (run.metricsError() != null) {
            conditions.add(new Condition("MetricsError", "True", run.metricsError()));
        }
        return conditions;
    }

    public static NodeStatus node(Node node) {
        boolean ended = node.isFinal();
        Callee callee = callee(node);
        return new NodeStatus(
                node.name(),
                node.id(),
                node.displayName(),
                node.type(),
                templateName(node, callee),
                templateRef(node, callee),
                scope(node).text(),
                node.phase(),
                node.boundary() == null ? null : node.boundary().id(),
                node.message(),
                time(node.startedAt()),
                ended ? time(node.finishedAt()) : null,
                node.run().definition().estimates().of(node),
                progress(node),
                node.type() == NodeType.POD || ended ? node.resources() : Map.of(),
                node.podIp(),
                node.isDaemoned() ? Boolean.TRUE : null,
                flag(maker(node)),
                node.inputs(),
                node.outputs(),
                node.children().stream().map(Node::id).toList(),
                outbound(node),
                node.hostName(),
                memoization(node),
                Holdings.waiting(node),
                synced(node),
                node.podRestarts(),
                node.phase() == NodePhase.PENDING ? node.restartedPod() : null);
    }

    /** Attempts show what their retry node's cache said, too. */
    private static @Nullable MemoizationStatus memoization(Node node) {
        Memo memo = node.isAttempt() && node.parent() != null ? node.parent().memo() : node.memo();
        return memo == null || memo.state() == Memo.State.ASKED
                ? null
                : new MemoizationStatus(memo.state() == Memo.State.HIT, memo.key(), memo.cacheName());
    }

    /** The node that was called: containers show what their pod's node does. */
    private static Node maker(Node node) {
        return node.type() == NodeType.CONTAINER && node.parent() != null ? node.parent() : node;
    }

    private static @Nullable NodeFlag flag(Node node) {
        return hasFlag(node) ? new NodeFlag(isOfHook(node), node.isAttempt() || isRetriedHook(node)) : null;
    }

    /** Argo marks a hook's attempts as hooks, too. */
    private static boolean isOfHook(Node node) {
        Node retry = node.isAttempt() ? node.parent() : null;
        return node.isHook() || (retry != null && retry.isHook());
    }

    /** Argo marks a hook's retry as it marks its attempts. */
    private static boolean isRetriedHook(Node node) {
        return node.isHook() && node.type() == NodeType.RETRY;
    }

    /** Argo writes an empty flag on groups and on what it passes by. */
    private static boolean hasFlag(Node node) {
        return node.isHook()
                || node.isAttempt()
                || switch (node.type()) {
                    case STEP_GROUP, TASK_GROUP -> true;
                    case SKIPPED -> node.phase() == NodePhase.SKIPPED || node.phase() == NodePhase.OMITTED;
                    case POD, CONTAINER, STEPS, DAG, RETRY, SUSPEND, HTTP, PLUGIN, UNKNOWN -> false;
                };
    }

    /** Whether nothing more is to come of a pod: Argo's readers look for that even where there was nothing to report. */
    private static @Nullable Boolean synced(Node node) {
        boolean ended = node.type() == NodeType.POD
                && node.isFinal()
                && (node.memo() == null || node.memo().state() != Memo.State.HIT);
        return ended ? Boolean.TRUE : node.resultSynced();
    }

    private static @Nullable String progress(Node node) {
        return node.progressTotal() == 0 && node.progressDone() == 0
                ? null
                : node.progressDone() + "/" + node.progressTotal();
    }

    private static List<String> outbound(Node node) {
        boolean composite = node.type() == NodeType.STEPS || node.type() == NodeType.DAG;
        return composite && node.isFinal() && !endedByItself(node)
                ? Outbound.of(node).stream().map(Node::id).toList()
                : List.of();
    }

    /** A boundary that ended without its children's say: its cache had it, its outputs make no sense, or it failed fast. */
    private static boolean endedByItself(Node node) {
        boolean isHit = node.memo() != null && node.memo().state() == Memo.State.HIT;
        return isHit || Faults.isFault(node) || Boundaries.FAILED_FAST.equals(node.message());
    }

    /** The scope in which the node's template was named: that of the enclosing template. */
    private static TemplateScope scope(Node node) {
        Node boundary = maker(node).boundary();
        CompiledTemplate caller = boundary == null ? null : boundary.template();
        return caller == null ? node.run().definition().localScope() : caller.scope();
    }

    private static @Nullable String templateName(Node node, @Nullable Callee callee) {
        if (callee == null || callee.inline() != null || callee.refName() != null) {
            return null;
        }
        CompiledTemplate template = node.template();
        return callee.isConstant() || template == null ? callee.templateName() : template.name();
    }

    private static @Nullable TemplateRef templateRef(Node node, @Nullable Callee callee) {
        if (callee == null || callee.refName() == null) {
            return null;
        }
        CompiledTemplate template = node.template();
        return callee.isConstant() || template == null
                ? callee.templateRef()
                : new TemplateRef(template.scope().resource(), template.name(), callee.clusterScope());
    }

    /** What the node's maker called; null for a step group. */
    private static @Nullable Callee callee(Node node) {
        Node pod = maker(node);
        Node named = pod.isAttempt() && pod.parent() != null ? pod.parent() : pod;
        if (named.origin().kind() == Origin.Kind.ENTRY) {
            return node.run().definition().entrypoint();
        }
        Unit unit = named.unit();
        if (unit != null) {
            return unit.callee();
        }
        Node owner = named.isHook() ? named.parent() : null;
        if (owner == null) {
            return null;
        }
        Unit ownerUnit = owner.unit();
        List<Hook> hooks = ownerUnit == null ? node.run().definition().hooks() : ownerUnit.hooks();
        for (Hook hook : hooks) {
            if (hook.isExit()
                    ? named.origin().kind() == Origin.Kind.EXIT_HOOK
                    : hook.name().equals(named.origin().text())) {
                return hook.callee();
            }
        }
        return null;
    }

    private static @Nullable Instant time(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }
}
