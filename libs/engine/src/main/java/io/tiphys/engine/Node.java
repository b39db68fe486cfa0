package io.tiphys.engine;

import io.tiphys.api.Inputs;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.Unit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One node of a run. Read it from the thread that owns the run; only events change it. Names are kept as parent and
 * suffix and built when asked for.
 */
public final class Node {
    final Run run;
    final int seq;
    final @Nullable Node parent;
    final @Nullable Node boundary;
    final Origin origin;
    final @Nullable CompiledTemplate template;
    final boolean onExit;
    final int nameHash;
    int idHash;
    NodeType type;
    NodePhase phase;

    @Nullable
    String message;

    long startedAt;
    long finishedAt;

    @Nullable
    Inputs inputs;

    @Nullable
    Outputs outputs;

    @Nullable
    String podUid;

    @Nullable
    String hostName;

    @Nullable
    String podIp;

    int progressDone;
    int progressTotal;

    @Nullable
    Boolean resultSynced;

    @Nullable
    NodePhase endedPhase;

    @Nullable
    String endedMessage;

    long endedAt;
    long backoffUntil;
    boolean daemoned;
    boolean settled;
    boolean childrenComplete;
    boolean reopened;
    boolean podSeen;
    boolean podEndRequested;
    int podRestarts;

    @Nullable
    String restartedPod;

    boolean queued;

    /** Woken because a slot came free; still so while it is looked at. */
    boolean woken;

    boolean dirty;

    @Nullable
    Memo memo;

    Map<String, Long> resources = Map.of();

    @Nullable
    LockClaim lock;

    @Nullable
    IntList links;

    @Nullable
    Family family;

    Node(
            Run run,
            int seq,
            @Nullable Node parent,
            @Nullable Node boundary,
            Origin origin,
            @Nullable CompiledTemplate template,
            NodeType type,
            boolean onExit) {
        this.run = run;
        this.seq = seq;
        this.parent = parent;
        this.boundary = boundary;
        this.origin = origin;
        this.template = template;
        this.type = type;
        this.phase = NodePhase.PENDING;
        this.onExit = onExit;
        this.nameHash = parent == null
                ? NodeNames.hash(run.definition().name())
                : NodeNames.hash(parent.nameHash, NodeNaming.suffix(this));
    }

    /** Order of creation within the run. */
    public int seq() {
        return seq;
    }

    public Run run() {
        return run;
    }

    /** The workflow's name for the entry node, else workflow name and hash. */
    public String id() {
        return origin.kind() == Origin.Kind.ENTRY
                ? run.definition().name()
                : NodeNames.id(run.definition().name(), idHash);
    }

    /** Full name: the parent's and a suffix, all the way down from the workflow's name. */
    public String name() {
        return NodeNaming.name(this);
    }

    /** The name within its boundary, without the step group; or what its template wants it to be shown as. */
    public String displayName() {
        return NodeNaming.displayName(this);
    }

    /** What is wrong with what its template wants it to be shown as; null for nothing. */
    public @Nullable String displayNameProblem() {
        return NodeNaming.displayNameProblem(this);
    }

    /** Name of the step or task that the node is, with the item's place and text if it is one of a loop. */
    public String unitText() {
        return NodeNaming.unitText(this);
    }

    /** Name of the node's pod, whether or not it has one. */
    public String podName() {
        return NodeNaming.podName(this);
    }

    /**
     * What the name of a node of this origin adds to this node's name.
     *
     * @param unit name of the step or task that it is or is an item of
     */
    public String suffixOf(Origin child, String unit) {
        return NodeNaming.suffix(this, child, unit);
    }

    /** The step or task that this node is, or is an item of; null for everything else. */
    public @Nullable Unit unit() {
        return Units.of(this);
    }

    public Origin origin() {
        return origin;
    }

    /** The node that it is named after and that waits for it. */
    public @Nullable Node parent() {
        return parent;
    }

    /** The enclosing steps or dag node. */
    public @Nullable Node boundary() {
        return boundary;
    }

    /** Its template; null for step groups and for nodes that never got as far. */
    public @Nullable CompiledTemplate template() {
        return template;
    }

    public NodeType type() {
        return type;
    }

    public NodePhase phase() {
        return phase;
    }

    public @Nullable String message() {
        return message;
    }

    /** Milliseconds since the epoch; 0 for not yet. */
    public long startedAt() {
        return startedAt;
    }

    /** Milliseconds since the epoch; 0 for not yet. */
    public long finishedAt() {
        return finishedAt;
    }

    public @Nullable Inputs inputs() {
        return inputs;
    }

    public @Nullable Outputs outputs() {
        return outputs;
    }

    public @Nullable String hostName() {
        return hostName;
    }

    public @Nullable String podIp() {
        return podIp;
    }

    public int progressDone() {
        return progressDone;
    }

    public int progressTotal() {
        return progressTotal;
    }

    /** Null: no report expected or seen; false: reports came; true: nothing more will come. */
    public @Nullable Boolean resultSynced() {
        return resultSynced;
    }

    public @Nullable NodePhase endedPhase() {
        return endedPhase;
    }

    public @Nullable String endedMessage() {
        return endedMessage;
    }

    public long endedAt() {
        return endedAt;
    }

    public long backoffUntil() {
        return backoffUntil;
    }

    public boolean isDaemoned() {
        return daemoned;
    }

    /** Belongs to an exit handler. */
    public boolean isOnExit() {
        return onExit;
    }

    /** Final, or a daemon that is ready; hooks included. */
    public boolean isSettled() {
        return settled;
    }

    public boolean isFinal() {
        return phase.isFulfilled();
    }

    /** Final, or a daemon that is ready: enough for its parent. */
    public boolean isFulfilled() {
        return phase.isFulfilled() || daemoned;
    }

    /** Whether it made all the children that it wants. */
    public boolean hasAllChildren() {
        return childrenComplete;
    }

    /** Opened again by a retry of the workflow, and some of its children may be missing in between others. */
    public boolean isReopened() {
        return reopened;
    }

    public boolean isPodSeen() {
        return podSeen;
    }

    /** Uid of the pod that was seen last: whose reports count. Null if none was seen, or nobody said. */
    public @Nullable String podUid() {
        return podUid;
    }

    /** How often its pod was made again because it had never begun. */
    public int podRestarts() {
        return podRestarts;
    }

    /** Uid of the pod that the latest restart replaced; null if there was none. */
    public @Nullable String restartedPod() {
        return restartedPod;
    }

    public boolean isPodEndRequested() {
        return podEndRequested;
    }

    public boolean isAttempt() {
        return origin.kind() == Origin.Kind.ATTEMPT;
    }

    public boolean isHook() {
        return origin.kind() == Origin.Kind.HOOK || origin.kind() == Origin.Kind.EXIT_HOOK;
    }

    /** Whether the step or task goes on with this outcome as if it were well. */
    public boolean continuesOn() {
        Unit unit = unit();
        return unit != null
                && ((phase == NodePhase.FAILED && unit.continueOnFailed())
                        || (phase == NodePhase.ERROR && unit.continueOnError()));
    }

    /** Whether anything has come of it yet: a pod, a child, an end. */
    public boolean hasBegun() {
        return podSeen
                || phase.isFulfilled()
                || (family != null && (family.members.size() > 0 || family.containers.size() > 0));
    }

    /** Its entry in a cache; null if its template isn't memoized or it hasn't come so far. */
    public @Nullable Memo memo() {
        return memo;
    }

    /** Whether it must not begin before its cache has answered. Attempts are covered by their retry node. */
    public boolean awaitsCache() {
        return Prerequisites.awaitsCache(this);
    }

    /** Resources used, in seconds by resource: a pod's own, or the sum of all pods below. */
    public Map<String, Long> resources() {
        return resources;
    }

    /** What it has to do with locks; null if it never asked for any. */
    public @Nullable LockClaim lock() {
        return lock;
    }

    /** Whether it needs locks that it doesn't hold: it must not go on. Attempts run under the locks of their retry node. */
    public boolean lacksLocks() {
        return Prerequisites.lacksLocks(this);
    }

    /** Whether lifecycle hooks may have something to do with it. */
    public boolean hasHooks() {
        return Families.needsHooks(this);
    }

    public @Nullable Family family() {
        return family;
    }

    Family makeFamily() {
        if (family == null) {
            family = new Family();
        }
        return family;
    }

    /** The steps or task node (or the last of its attempts) that stands for a unit of this boundary; null if none yet. */
    public @Nullable Node unitNode(int ordinal) {
        return Children.ofUnit(this, ordinal);
    }

    /** Items of a loop of this boundary in order of creation; null if the unit isn't an expanded loop. */
    public @Nullable List<Node> loopNodes(int ordinal) {
        return Children.ofLoop(this, ordinal);
    }

    /** Children that hang under it, in order of creation. */
    public List<Node> members() {
        return Children.members(this);
    }

    /** Graph children: its own, then those that follow it because they wait for it. */
    public List<Node> children() {
        return Children.inGraph(this);
    }

    @Override
    public String toString() {
        return name() + " " + type + "/" + phase;
    }
}
