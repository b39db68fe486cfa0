package io.tiphys.engine;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.engine.metric.MetricMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A decision while it is being made. Knows what it would add, so that slots and numbers come out right. */
public final class Draft {
    private final Run run;
    private final Instant at;
    private final List<Event> events = new ArrayList<>();
    private final List<Command> commands = new ArrayList<>();
    private final Set<Integer> released = new HashSet<>(0);
    private int nextSeq;
    private int added;
    private int pods;
    private int active;

    Draft(Run run, Instant at) {
        this.run = run;
        this.at = at;
        this.nextSeq = run.nextSeq();
    }

    public Run run() {
        return run;
    }

    public Instant at() {
        return at;
    }

    public void add(Event event) {
        if (event instanceof Event.NodeAdded added) {
            nextSeq++;
            this.added++;
            if (!added.phase().isFulfilled()) {
                switch (added.type()) {
                    case POD -> {
                        pods++;
                        active++;
                    }
                    case STEPS, DAG -> active++;
                    // a retried node is about to make its first attempt
                    case RETRY -> {
                        pods++;
                        active++;
                    }
                    default -> {}
                }
            }
        }
        releaseAfter(event);
        events.add(event);
        saveAfter(event);
        measure(event);
    }

    private void measure(Event event) {
        if (event instanceof Event.NodePhaseChanged(var seq, var phase, var _, var _)) {
            Node node = run.at(seq);
            if (node != null && phase.isFulfilled() && !node.isFinal()) {
                MetricMachine.ended(this, node, phase);
            }
        } else if (event instanceof Event.WorkflowPhaseChanged(var phase, var _, var _) && phase.isFulfilled()) {
            MetricMachine.workflow(this, phase);
        }
    }

    /** What succeeds after its cache hadn't got it goes there. */
    private void saveAfter(Event event) {
        Node node = event instanceof Event.NodePhaseChanged(var seq, var phase, var _, var _)
                        && phase == NodePhase.SUCCEEDED
                ? run.at(seq)
                : null;
        Memo memo = node == null ? null : node.memo();
        if (node != null && memo != null && Memo.isForCache(node)) {
            commands.add(new Command.SaveCache(node.id(), memo.cacheName(), memo.key(), outputsOf(node)));
        }
    }

    /** Whether the run would have more nodes than it may: then this decision isn't taken. */
    public boolean exceedsLimit() {
        return added > 0 && wouldExceedLimit(0);
    }

    /** Whether the run would have more nodes than it may if this decision added so many more. */
    public boolean wouldExceedLimit(int more) {
        return (long) run.nodeCount() + added + more
                > run.definition().settings().limits().nodes();
    }

    /** Nodes that this decision adds. */
    public int added() {
        return added;
    }

    /** Numbers of the nodes that this decision brings to their end. */
    public Set<Integer> ended() {
        Set<Integer> ended = new HashSet<>();
        for (Event event : events) {
            if (event instanceof Event.NodePhaseChanged(var seq, var phase, var _, var _) && phase.isFulfilled()) {
                ended.add(seq);
            }
        }
        return ended;
    }

    /** Locks are given back with whatever ends their holder: a node's end, a daemon that is ready, the workflow's end. */
    private void releaseAfter(Event event) {
        if (event instanceof Event.NodePhaseChanged(var seq, var phase, var _, var _) && phase.isFulfilled()) {
            release(run.at(seq));
        } else if (event instanceof Event.NodeDaemoned(var seq, var daemoned) && daemoned) {
            release(run.at(seq));
        } else if (event instanceof Event.NodeRemoved(var seq)) {
            release(run.at(seq));
        } else if (event instanceof Event.WorkflowPhaseChanged(var phase, var _, var _) && phase.isFulfilled()) {
            release(-1, run.lock());
            run.lockHolders().forEach(this::release);
        }
    }

    private void release(@Nullable Node node) {
        if (node != null) {
            release(node.seq(), node.lock());
        }
    }

    private void release(int seq, @Nullable LockClaim claim) {
        if (claim != null && claim.standing() && released.add(seq)) {
            events.add(new Event.LocksReleased(seq));
            commands.add(new Command.ReleaseLocks(seq, claim.ticket()));
        }
    }

    /** Whether this decision brings the node to its end. */
    public boolean ends(Node node) {
        return events.stream()
                .anyMatch(event -> event instanceof Event.NodePhaseChanged(var seq, var phase, var _, var _)
                        && seq == node.seq()
                        && phase.isFulfilled());
    }

    /** The node's outputs, with what this decision makes of them. */
    public @Nullable Outputs outputsOf(Node node) {
        Outputs outputs = node.outputs();
        for (Event event : events) {
            if (event instanceof Event.NodeOutputsChanged(var seq, var changed) && seq == node.seq()) {
                outputs = changed;
            }
        }
        return outputs;
    }

    /** What the node's pods have used, with what this decision adds. */
    public Map<String, Long> resourcesOf(Node node) {
        Map<String, Long> used = node.resources();
        for (Event event : events) {
            if (event instanceof Event.ResourcesUsed(var seq, var seconds) && seq == node.seq()) {
                used = seconds;
            }
        }
        return used;
    }

    public void add(Command command) {
        commands.add(command);
    }

    /** Number of the next node that is added. */
    public int nextSeq() {
        return nextSeq;
    }

    /** Pods that this decision adds. */
    public int pods() {
        return pods;
    }

    /** Pods, steps and dags that this decision adds. */
    public int active() {
        return active;
    }

    Decision decision() {
        return events.isEmpty() && commands.isEmpty() ? Decision.NOTHING : new Decision(events, commands);
    }
}
