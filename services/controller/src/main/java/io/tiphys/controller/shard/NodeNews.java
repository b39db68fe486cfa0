package io.tiphys.controller.shard;

import io.tiphys.api.NodePhase;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.engine.task.TaskMachine;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowRef;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is told of a workflow's nodes from outside: their pods as the watches see them, and what executors and agent report. Says to
 * which node of today it belongs, if to any, and has the run decide about it. For the shard's own thread.
 */
final class NodeNews {
    private static final Logger LOG = LoggerFactory.getLogger(NodeNews.class);

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final RunDriver run;
    private final NodePods pods;
    private final AgentTasks agent;
    private final Reports reports;
    private final Consumer<Batch> mayBeDone;
    private final Runnable tidiesLate;

    /**
     * News for one run.
     *
     * @param mayBeDone called when a pod has changed, which may have been the last thing that the workflow waited for
     * @param tidiesLate called when a pod of a run that was let go of is to be labelled or deleted
     */
    NodeNews(
            WorkflowRef ref,
            ShardContext shard,
            RunDriver run,
            NodePods pods,
            AgentTasks agent,
            Reports reports,
            Consumer<Batch> mayBeDone,
            Runnable tidiesLate) {
        this.ref = ref;
        this.shard = shard;
        this.run = run;
        this.pods = pods;
        this.agent = agent;
        this.reports = reports;
        this.mayBeDone = mayBeDone;
        this.tidiesLate = tidiesLate;
    }

    // --- pods ---

    void podSeen(PodObservation pod, int watchGeneration, Batch batch) {
        Active running = run.active();
        if (agent.pod().is(pod)) {
            agent.observed(pod, watchGeneration, running != null && !run.isFulfilled());
            return;
        }
        if (running != null && NodePods.isOutlived(pod, running)) {
            letGo(pod, true, batch);
            return;
        }
        if (!pod.hasEnded() && isOver(pod.nodeId())) {
            pods.seeToItsEnd(pod.nodeId());
        }
        boolean isNews = pods.isNews(pod, watchGeneration);
        if (isNews && running != null) {
            tell(pod, running, batch);
            return;
        }
        if (isNews
                && pod.hasEnded()
                && shard.hasFinished(ref.uid())
                && !pods.tidying().isTidy()) {
            batch.afterwards(tidiesLate); // it was ordered before all was over, and seen after
        }
        if (running != null || shard.hasFinished(ref.uid())) {
            letGo(pod, isOver(pod.nodeId()) || pods.seen().isDismissed(pod), batch);
        }
    }

    /** A pod that the finalizer holds may go when the journal has what can be learned from it. */
    private void letGo(PodObservation pod, boolean isOver, Batch batch) {
        if (pod.isKeptForNothing(isOver)) {
            batch.afterwards(() -> pods.tidying().release(pod));
        }
    }

    /** Has the run know what was seen of a pod. */
    void tell(PodObservation pod, Active running, Batch batch) {
        boolean isMadeAgain = isMadeAgain(pod, running, batch);
        if (!isMadeAgain) {
            observe(pod, running, batch);
            run.tidy(pod.nodeId(), batch);
            mayBeDone.accept(batch);
        }
        letGo(pod, isMadeAgain || isOver(pod.nodeId()), batch);
    }

    /** From now on the pod's reports count, those that came before it was seen included. */
    private void observe(PodObservation pod, Active running, Batch batch) {
        run.step(new Input.PodObserved(pod.nodeId(), pod.facts(), shard.now()), batch);
        Node node = running.run().node(pod.nodeId());
        if (node != null) {
            reports.seen(node, batch).forEach(result -> report(result, batch));
        }
    }

    /** A pod that the cluster gave up before it began goes, and is ordered anew, where the operator wants that. */
    private boolean isMadeAgain(PodObservation pod, Active running, Batch batch) {
        Node node = running.run().node(pod.nodeId());
        if (node == null || node.isFinal()) {
            return false;
        }
        boolean isKnown = pod.podUid().equals(node.restartedPod());
        if (!isKnown && !shard.services().settings().restarts().applies(pod.facts(), node.podRestarts())) {
            return false;
        }
        pods.seen().dismiss(pod);
        batch.afterwards(() -> pods.tidying().delete(pod));
        if (isKnown) {
            run.repeatOrder(pod.nodeId(), batch); // it was decided before, but not done
        } else {
            restart(pod, node, batch);
        }
        return true;
    }

    private void restart(PodObservation pod, Node node, Batch batch) {
        String reason = pod.facts().reason() == null ? "" : pod.facts().reason();
        String message = pod.facts().message() == null ? "" : pod.facts().message();
        if (!node.isPodSeen()) {
            run.step(new Input.PodObserved(pod.nodeId(), pod.facts().asPending(), shard.now()), batch);
        }
        run.step(
                new Input.PodRestarted(
                        pod.nodeId(),
                        pod.podUid(),
                        "Pod auto-restarting due to " + reason + ": " + message,
                        shard.now()),
                batch);
        batch.afterwards(() -> run.measures().podRestarted(reason, message));
    }

    /** Whether nobody waits for what the node's pod does. */
    boolean isOver(String nodeId) {
        Active running = run.active();
        if (running == null) {
            return shard.hasFinished(ref.uid());
        }
        Node node = running.run().node(nodeId);
        return node == null || node.isFinal();
    }

    void podGone(PodObservation last, Batch batch) {
        if (agent.pod().is(last)) {
            agent.pod().gone(last);
            return;
        }
        boolean isMissed = pods.forget(last);
        Active running = run.active();
        if (running == null) {
            return;
        }
        pods.ensureAgain(last.nodeId()); // its successor may have been waiting for the name
        if (!isMissed && isWithoutPod(last.nodeId(), running)) {
            run.repeatOrder(last.nodeId(), batch); // what was to go first was taken for what was ordered
        }
        if (!isMissed || NodePods.isOutlived(last, running)) {
            return;
        }
        Node missed = running.run().node(last.nodeId());
        if (missed != null && !missed.isFinal() && !last.hasEnded()) {
            run.measures().podMissing(missed);
        }
        if (last.hasEnded()) {
            observe(last, running, batch);
        }
        run.step(new Input.PodObserved(last.nodeId(), last.gone().facts(), shard.now()), batch);
    }

    private boolean isWithoutPod(String nodeId, Active running) {
        Node node = running.run().node(nodeId);
        boolean isAwaited = node != null && !node.isFinal() && !node.isPodSeen();
        return isAwaited && !pods.isWanted(nodeId) && pods.seen().uid(nodeId) == null;
    }

    /** The watches have told all: pods that only earlier generations saw are gone. */
    void synced(int watchGeneration, Batch batch) {
        for (PodObservation pod : pods.seen().unseenBy(watchGeneration)) {
            podGone(pod, batch);
        }
        agent.pod().synced(watchGeneration);
    }

    void podEnsured(String nodeId, Batch batch) {
        pods.ensured(nodeId).ifPresent(pod -> {
            Active running = run.active();
            if (running != null && !NodePods.isOutlived(pod, running)) {
                tell(pod, running, batch);
            }
        });
    }

    void podRefused(String nodeId, String message, boolean isTransient, Batch batch) {
        if (!pods.isWanted(nodeId) || run.active() == null) {
            return;
        }
        pods.refused(nodeId, message, isTransient);
        run.step(new Input.PodCreationRefused(nodeId, message, isTransient, shard.now()), batch);
    }

    // --- reports ---

    /**
     * Somebody reported about a node.
     *
     * @param processed for later, if the report is kept until its pod is seen
     * @return whether it is kept
     */
    boolean keeps(TaskResult result, Runnable processed, Batch batch) {
        Active running = run.active();
        if (running == null || !mayReport(result)) {
            return false;
        }
        Node node = running.run().node(result.nodeId());
        if (!agent.pod().isNamed(result.podName()) && !reports.counts(result, node)) {
            boolean isAwaited = node != null && !node.isFinal();
            if (isAwaited) {
                reports.park(result, processed);
            }
            return isAwaited;
        }
        report(result, batch);
        return false;
    }

    private void report(TaskResult result, Batch batch) {
        TaskResults.toInput(result, shard.now())
                .ifPresentOrElse(
                        input -> {
                            run.step(input, batch);
                            run.tidy(result.nodeId(), batch);
                        },
                        () -> LOG.warn("task result of node {} has outputs that can't be read", result.nodeId()));
    }

    /** The agent speaks for HTTP and plugin nodes, and only it does. */
    private boolean mayReport(TaskResult result) {
        Active running = run.active();
        Node node = running == null ? null : running.run().node(result.nodeId());
        boolean byAgent = agent.pod().isNamed(result.podName());
        if (byAgent) {
            agent.pod().worked();
        }
        return node == null || byAgent == TaskMachine.isTask(node);
    }

    void taskRefused(String nodeId, String message, Batch batch) {
        run.step(new Input.TaskResultReceived(nodeId, null, NodePhase.ERROR, message, null, true, shard.now()), batch);
    }
}
