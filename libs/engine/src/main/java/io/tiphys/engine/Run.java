package io.tiphys.engine;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.engine.adoption.Adoption;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.engine.scope.WorkflowScope;
import io.tiphys.engine.status.Projection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of one workflow's run: one object graph, owned by one thread at a time, changed in place by {@link Event}s
 * only. Work that follows from what happened waits in its list and is done by {@link Engine#step}, not by whoever caused it.
 */
public final class Run {
    private final WorkflowDefinition definition;
    private final NodeTable nodes = new NodeTable();
    private final WorkflowScope scope = new WorkflowScope(this);
    final WorkList work = new WorkList();
    final ArrayList<Node> dirtyNodes = new ArrayList<>();
    final ArrayList<String> removedIds = new ArrayList<>();
    boolean selfQueued;

    @Nullable
    Instant observedAt;

    boolean selfDirty;
    int activePods;
    int progressDone;
    int progressTotal;
    Map<String, Long> resources = Map.of();

    WorkflowPhase phase = WorkflowPhase.UNKNOWN;

    @Nullable
    String message;

    @Nullable
    String metricsError;

    long startedAt;
    long finishedAt;

    @Nullable
    Shutdown shutdown;

    boolean suspended;
    boolean deadlinePassed;

    @Nullable
    Long activeDeadlineSeconds;

    @Nullable
    Long parallelism;

    final Map<String, String> parameters = new LinkedHashMap<>();
    final Map<String, Parameter> globalParameters = new LinkedHashMap<>();
    final Map<String, Artifact> globalArtifacts = new LinkedHashMap<>();

    /** Of the workflow as a whole; null if it never asked. */
    @Nullable
    LockClaim lock;

    /** Nodes that hold or want locks, in order of creation. */
    final TreeSet<Node> lockHolders = new TreeSet<>(Comparator.comparingInt(Node::seq));

    @Nullable
    Node entry;

    @Nullable
    Node exit;

    private Run(WorkflowDefinition definition) {
        this.definition = definition;
        this.activeDeadlineSeconds = definition.spec().activeDeadlineSeconds();
        this.parallelism = definition.spec().parallelism();
    }

    /** A run in which nothing has happened yet. */
    public static Run create(WorkflowDefinition definition) {
        return new Run(definition);
    }

    /**
     * The run that left these records; {@link Engine#resume} then does what a crash in between may have left undone. Costs
     * O(nodes), once.
     */
    public static Run restore(WorkflowDefinition definition, RunRecord record, Collection<NodeRecord> nodes) {
        Run run = new Run(definition);
        Records.load(run, record, nodes);
        return run;
    }

    /**
     * The run of a workflow that left a status but no records: it ran under somebody else, or its journal is lost. {@link
     * Engine#resume} and {@link #pendingCommands} then make it go on; pods of running nodes that aren't there any more must
     * be told to it ({@link PodFacts#gone}).
     *
     * @param status with {@code nodes}, not compressed or offloaded ones
     */
    public static Run adopt(WorkflowDefinition definition, WorkflowStatus status) {
        return Adoption.adopt(definition, status);
    }

    public WorkflowDefinition definition() {
        return definition;
    }

    public WorkflowPhase phase() {
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

    public @Nullable Shutdown shutdown() {
        return shutdown;
    }

    public boolean isSuspended() {
        return suspended;
    }

    /** Whether {@code spec.activeDeadlineSeconds} is over. */
    public boolean isDeadlinePassed() {
        return deadlinePassed;
    }

    public @Nullable Long activeDeadlineSeconds() {
        return activeDeadlineSeconds;
    }

    /** When everything but exit handlers must have ended, in milliseconds since the epoch; null for never. */
    public @Nullable Long deadline() {
        // Argo counts from the start as the status shows it, in whole seconds
        return activeDeadlineSeconds == null || startedAt == 0
                ? null
                : (Long) Deadlines.afterSeconds(Instant.ofEpochSecond(startedAt / 1000), activeDeadlineSeconds)
                        .toEpochMilli();
    }

    /** Limit of active pods; null for none. */
    public @Nullable Long parallelism() {
        return parallelism;
    }

    /** What is wrong with a metric that the workflow defines; null if nothing. */
    public @Nullable String metricsError() {
        return metricsError;
    }

    /** Leaves that are done, exit handlers included. */
    public int progressDone() {
        return progressDone;
    }

    public int progressTotal() {
        return progressTotal;
    }

    /** Resources that all pods have used, in seconds by resource. */
    public Map<String, Long> resources() {
        return resources;
    }

    /** What the workflow as a whole has to do with locks; null if it never asked. */
    public @Nullable LockClaim lock() {
        return lock;
    }

    /** Whether the workflow needs locks that it doesn't hold. */
    public boolean lacksLocks() {
        return definition.synchronization() != null && (lock == null || lock.lacking());
    }

    /** Nodes that hold or want locks, in order of creation. */
    public Collection<Node> lockHolders() {
        return Collections.unmodifiableCollection(lockHolders);
    }

    /** Whether somebody may still wait for an answer to this request, or holds what it got. */
    public boolean claims(int seq, int ticket) {
        Node node = at(seq);
        LockClaim claim = seq < 0 ? lock : node == null ? null : node.lock;
        return claim != null && claim.ticket() == ticket && claim.standing();
    }

    /** {@link #pendingCommands} as far as they concern locks. */
    public List<Command> pendingLockCommands() {
        return Pending.ofLocks(this);
    }

    public int activePods() {
        return activePods;
    }

    /** Workflow parameters that a retry overrode. */
    public Map<String, String> parameterOverrides() {
        return parameters;
    }

    /** Global outputs by name. */
    public Map<String, Parameter> globalParameters() {
        return globalParameters;
    }

    public Map<String, Artifact> globalArtifacts() {
        return globalArtifacts;
    }

    /** The node named as the workflow, or null as long as there is none. */
    public @Nullable Node entry() {
        return entry;
    }

    /** The node of the workflow's exit handler, or null. */
    public @Nullable Node exit() {
        return exit;
    }

    /** Time of the latest input; not part of the state. Null before the first one. */
    public @Nullable Instant observedAt() {
        return observedAt;
    }

    /** The variables named {@code workflow.…}. */
    public WorkflowScope scope() {
        return scope;
    }

    /** The node with this id, or null. */
    public @Nullable Node node(String id) {
        String name = definition.name();
        if (id.equals(name)) {
            return entry;
        }
        Node node = id.startsWith(name) ? nodes.find(id, name.length()) : null;
        return node == entry ? null : node;
    }

    /** The node with this number, or null if it was removed or isn't there yet. */
    public @Nullable Node at(int seq) {
        return nodes.at(seq);
    }

    /** The node with this number, which must exist. */
    Node get(int seq) {
        Node node = at(seq);
        if (node == null) {
            throw new IllegalStateException("run of " + definition.name() + " has no node number " + seq);
        }
        return node;
    }

    /** All nodes in order of creation. */
    public List<Node> nodes() {
        return nodes.all();
    }

    public int nodeCount() {
        return nodes.count();
    }

    /** What must be outstanding, given this state: carrying all of it out again is harmless. */
    public List<Command> pendingCommands() {
        return Pending.of(this);
    }

    /** The status as Argo writes it, nodes included. */
    public WorkflowStatus status() {
        return Projection.withNodes(this);
    }

    /** The status without nodes. */
    public WorkflowStatus summary() {
        return Projection.withoutNodes(this);
    }

    /** One node as Argo writes it. */
    public NodeStatus status(Node node) {
        return Projection.node(node);
    }

    public RunRecord record() {
        return Records.of(this);
    }

    public NodeRecord record(Node node) {
        return Records.of(node);
    }

    Outputs outputs() {
        return new Outputs(List.copyOf(globalParameters.values()), List.copyOf(globalArtifacts.values()), null, null);
    }

    int nextSeq() {
        return nodes.nextSeq();
    }

    /** Keeps numbers of removed nodes from being given again. */
    void reserve(int seqs) {
        nodes.reserve(seqs);
    }

    /** Enters a node under its number, and gives it the id that its name calls for unless another node has that already. */
    void enter(Node node) {
        nodes.enter(node);
    }

    void enter(Node node, int idHash) {
        nodes.enter(node, idHash);
    }

    void remove(Node node) {
        nodes.remove(node);
        lockHolders.remove(node);
        removedIds.add(node.id());
    }

    /** Puts the node on the work list. */
    void enqueue(Node node) {
        work.add(node);
    }

    /** Nothing starts any more: whoever waits for a slot has to know. */
    void enqueueOpenComposites() {
        selfQueued = true;
        for (Node node : nodes()) {
            if (!node.isFinal() && !Families.isExecutable(node.type)) {
                enqueue(node);
            }
        }
    }

    void touch(Node node) {
        if (!node.dirty) {
            node.dirty = true;
            dirtyNodes.add(node);
        }
    }

    /** What to look at next, of the work that isn't held back; null for nothing. */
    @Nullable
    Node head() {
        return isPaused() || lacksLocks() ? null : work.head(parallelism == null || activePods < parallelism);
    }

    boolean isPaused() {
        return suspended && shutdown == null && !deadlinePassed;
    }
}
