package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.submitter.auth.Caller;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.watch.Change;
import io.tiphys.submitter.watch.Reader;
import io.tiphys.submitter.watch.WorkflowFeed;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Changes workflows that exist. What a Workflow's spec can say (stop, terminate, suspend) is patched there; the rest goes to the
 * controllers as a command.
 */
@ApplicationScoped
public class WorkflowActions {
    private final WorkflowReads reads;
    private final Hydrator hydrator;
    private final Continuations continuations;
    private final ArgoObjects objects;
    private final CommandSender commands;
    private final WorkflowFeed feed;
    private final Caller caller;
    private final Duration wait;
    private final Clock clock = Clock.systemUTC();

    public WorkflowActions(
            WorkflowReads reads,
            Hydrator hydrator,
            Continuations continuations,
            ArgoObjects objects,
            CommandSender commands,
            WorkflowFeed feed,
            Caller caller,
            SubmitterConfig config) {
        this.reads = reads;
        this.hydrator = hydrator;
        this.continuations = continuations;
        this.objects = objects;
        this.commands = commands;
        this.feed = feed;
        this.caller = caller;
        this.wait = config.retryWait();
    }

    /** Deletes the live workflow; one that is only archived counts as deleted, as in Argo. */
    public void delete(String namespace, String name, boolean force) {
        WorkflowTree workflow = reads.get(namespace, name, "");
        if (objects.find(ArgoKind.WORKFLOW, namespace, workflow.name()).isEmpty()) {
            return;
        }
        if (force) {
            ObjectNode patch = JsonNodeFactory.instance.objectNode();
            patch.putObject("metadata").putNull("finalizers");
            objects.mergePatch(ArgoKind.WORKFLOW, namespace, workflow.name(), patch);
        }
        objects.delete(ArgoKind.WORKFLOW, namespace, workflow.name());
    }

    /** Running steps end by their own, no new ones start, exit handlers run. */
    public WorkflowTree stop(String namespace, String name, String nodeFieldSelector, String message) {
        if (!nodeFieldSelector.isEmpty()) {
            WorkflowTree workflow = reads.live(namespace, name);
            var _ = suspendNodes(workflow).require(nodeFieldSelector);
            commands.send(new WorkflowCommand.StopNodes(
                    newId(), workflow.ref(), clock.instant(), nodeFieldSelector, orNull(message)));
            return hydrator.withSpecIfThere(workflow);
        }
        return shutdown(namespace, name, "Stop");
    }

    private SuspendNodes suspendNodes(WorkflowTree live) {
        WorkflowTree workflow = new WorkflowTree(live.json().deepCopy());
        return SuspendNodes.waiting(hydrator.withNodes(workflow, SuspendNodes::mayBeOne));
    }

    /** Running steps are killed, exit handlers don't run. */
    public WorkflowTree terminate(String namespace, String name) {
        return shutdown(namespace, name, "Terminate");
    }

    private WorkflowTree shutdown(String namespace, String name, String strategy) {
        WorkflowTree workflow = reads.live(namespace, name);
        if (workflow.isCompleted()) {
            throw new ApiException(
                    Code.INTERNAL,
                    "cannot shutdown a completed workflow: workflow: \"" + workflow.name() + "\", namespace: \""
                            + namespace + "\"");
        }
        ObjectNode patch = patch(strategy);
        patch.withObject("/spec").put("shutdown", strategy);
        return hydrator.withSpecIfThere(
                new WorkflowTree(objects.mergePatch(ArgoKind.WORKFLOW, namespace, workflow.name(), patch)));
    }

    /** No new steps start until the workflow is resumed. */
    public WorkflowTree suspend(String namespace, String name) {
        WorkflowTree workflow = reads.live(namespace, name);
        if (workflow.isCompleted()) {
            throw new ApiException(Code.INTERNAL, "cannot suspend completed workflows");
        }
        ObjectNode patch = patch("Suspend");
        patch.withObject("/spec").put("suspend", true);
        return hydrator.withSpecIfThere(
                new WorkflowTree(objects.mergePatch(ArgoKind.WORKFLOW, namespace, workflow.name(), patch)));
    }

    /** Suspended nodes (those that the selector names, or all) go on; without a selector the workflow itself as well. */
    public WorkflowTree resume(String namespace, String name, String nodeFieldSelector) {
        WorkflowTree workflow = reads.live(namespace, name);
        if (workflow.isCompleted()) {
            return hydrator.withSpecIfThere(workflow);
        }
        SuspendNodes waiting = suspendNodes(workflow);
        (nodeFieldSelector.isEmpty() ? waiting : waiting.require(nodeFieldSelector)).requireToHaveOutputs();
        commands.send(new WorkflowCommand.Resume(newId(), workflow.ref(), clock.instant(), orNull(nodeFieldSelector)));
        if (nodeFieldSelector.isEmpty() && workflow.isSuspended()) {
            ObjectNode patch = patch("Resume");
            patch.withObject("/spec").putNull("suspend");
            return hydrator.withSpecIfThere(
                    new WorkflowTree(objects.mergePatch(ArgoKind.WORKFLOW, namespace, workflow.name(), patch)));
        }
        return hydrator.withSpecIfThere(workflow);
    }

    /**
     * Sets what suspended nodes report, and ends them where a phase is given. Answers once their outputs are there for whoever resumes
     * them next, or after a bounded wait.
     */
    public WorkflowTree set(
            String namespace,
            String name,
            String nodeFieldSelector,
            String phase,
            String message,
            Map<String, String> outputParameters) {
        if (nodeFieldSelector.isEmpty()) {
            throw ApiException.invalid(
                    "'set' currently only targets suspend nodes, use a node field selector to target them");
        }
        if (!List.of("", "Succeeded", "Failed", "Error").contains(phase)) {
            throw ApiException.invalid(
                    phase + " is an invalid phase to set to; known: Succeeded, Failed, Error or none");
        }
        WorkflowTree workflow = reads.live(namespace, name);
        suspendNodes(workflow).require(nodeFieldSelector).requireToExpect(outputParameters);
        WorkflowCommand set = new WorkflowCommand.SetNode(
                newId(),
                workflow.ref(),
                clock.instant(),
                nodeFieldSelector,
                orNull(phase),
                orNull(message),
                outputParameters);
        if (outputParameters.isEmpty()) {
            commands.send(set);
            return hydrator.withSpecIfThere(workflow);
        }
        return sendAndWait(
                set,
                workflow,
                changed -> !suspendNodes(changed).matching(nodeFieldSelector).expectAnyOf(outputParameters.keySet()));
    }

    /**
     * Runs the failed nodes of a finished workflow again, or of one that runs the chosen nodes that have ended. Answers once a controller has taken it up, or after a bounded wait with
     * what is there then.
     */
    public WorkflowTree retry(
            String namespace,
            String name,
            boolean restartSuccessful,
            String nodeFieldSelector,
            List<String> parameters) {
        WorkflowTree workflow = reads.get(namespace, name, "");
        if (objects.find(ArgoKind.WORKFLOW, namespace, workflow.name()).isEmpty()) {
            return continuations.retryArchived(workflow, restartSuccessful, nodeFieldSelector, parameters);
        }
        WorkflowCommand retry = new WorkflowCommand.Retry(
                newId(), workflow.ref(), clock.instant(), restartSuccessful, orNull(nodeFieldSelector), parameters);
        if (workflow.phase().equals("Running")) {
            Reruns.requireChosen(workflow, nodeFieldSelector, parameters);
            Reruns.selector(nodeFieldSelector);
            commands.send(retry);
            return hydrator.withSpecIfThere(workflow);
        }
        Reruns.requireRetryable(workflow, restartSuccessful, nodeFieldSelector);
        Reruns.selector(nodeFieldSelector);
        forgetItsEnd(workflow);
        return sendAndWait(retry, workflow, changed -> !changed.isCompleted());
    }

    /** The workflow as it is once it shows what the command did, or after a bounded wait. */
    private WorkflowTree sendAndWait(WorkflowCommand command, WorkflowTree workflow, Predicate<WorkflowTree> done) {
        try (Reader changes = feed.open()) {
            commands.send(command);
            return until(done, workflow, changes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(Code.UNAVAILABLE, "interrupted", e);
        }
    }

    private void forgetItsEnd(WorkflowTree workflow) {
        ObjectNode patch = patch("Retry");
        Reruns.forgetEnd(workflow, patch);
        if (!patch.isEmpty()) {
            objects.mergePatch(ArgoKind.WORKFLOW, workflow.namespace(), workflow.name(), patch);
        }
    }

    private WorkflowTree until(Predicate<WorkflowTree> done, WorkflowTree workflow, Reader changes)
            throws InterruptedException {
        Instant deadline = clock.instant().plus(wait);
        Duration left = wait;
        while (left.isPositive()) {
            Change change = changes.next(left);
            if (change != null && change.workflow().uid().equals(workflow.uid()) && done.test(change.workflow())) {
                return hydrator.withSpecIfThere(
                        new WorkflowTree(change.workflow().json().deepCopy()));
            }
            left = changes.isEnded() ? Duration.ZERO : Duration.between(clock.instant(), deadline);
        }
        return hydrator.withSpecIfThere(reads.get(workflow.namespace(), workflow.name(), ""));
    }

    private ObjectNode patch(String action) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        Map<String, String> labels = caller.actorLabels(action);
        if (!labels.isEmpty()) {
            ObjectNode node = patch.withObject("/metadata/labels");
            labels.forEach(node::put);
        }
        return patch;
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
