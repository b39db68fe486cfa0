package io.tiphys.submitter.log;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.stream.MessageStream;
import io.tiphys.submitter.watch.Change;
import io.tiphys.submitter.watch.Reader;
import io.tiphys.submitter.watch.WorkflowFeed;
import io.tiphys.submitter.workflow.WorkflowReads;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The log of a workflow: the lines of its pods, each with the pod's name. Following goes on with new pods until the workflow is
 * done. What pods that are gone have said comes from their archived logs.
 */
@ApplicationScoped
public class WorkflowLogs {
    private static final Logger LOG = Logger.getLogger(WorkflowLogs.class);
    private static final Duration TICK = Duration.ofMillis(200);

    private final Access access;
    private final WorkflowReads reads;
    private final WorkflowFeed feed;
    private final PodLogs pods;
    private final ArchivedLogs archived;
    private final int concurrent;
    private final int followed;

    public WorkflowLogs(
            Access access,
            WorkflowReads reads,
            WorkflowFeed feed,
            PodLogs pods,
            ArchivedLogs archived,
            SubmitterConfig config) {
        this.access = access;
        this.reads = reads;
        this.feed = feed;
        this.pods = pods;
        this.archived = archived;
        this.concurrent = config.concurrentPodLogs();
        this.followed = config.followedPodLogs();
    }

    /** Returns when all is said; throws {@link IOException} when the caller has gone. */
    public void stream(WorkflowTree workflow, LogOptions options, MessageStream out)
            throws IOException, InterruptedException {
        access.require("get", "", "pods/log", workflow.namespace(), "");
        if (options.follow()) {
            out.open();
        }
        Set<String> said;
        int atOnce = options.follow() && !workflow.isCompleted() ? followed : concurrent;
        try (Tails tails = new Tails(pods, workflow.namespace(), options, atOnce)) {
            Talk talk = new Talk(out);
            if (options.follow() && !workflow.isCompleted()) {
                follow(workflow, options, tails, talk);
            }
            pods.list(workflow.namespace(), workflow.name(), options).forEach(tails::offer);
            while (!tails.isIdle()) {
                talk.say(tails.take(TICK));
            }
            said = tails.read();
        }
        archived.stream(workflow.namespace(), workflow.name(), workflow.uid(), options, said, out);
    }

    private void follow(WorkflowTree workflow, LogOptions options, Tails tails, Talk talk)
            throws IOException, InterruptedException {
        PodWatcher watcher = new PodWatcher(tails);
        try (Reader changes = feed.open()) {
            Watch watch = pods.watch(workflow.namespace(), workflow.name(), options, watcher);
            try {
                pods.list(workflow.namespace(), workflow.name(), options).forEach(tails::offer);
                boolean done = isDone(workflow);
                while (!done && !changes.isEnded()) {
                    talk.say(tails.take(TICK));
                    for (Change change = changes.next(Duration.ZERO);
                            change != null;
                            change = changes.next(Duration.ZERO)) {
                        done |= change.workflow().uid().equals(workflow.uid())
                                && (change.type() == Change.Type.DELETED
                                        || change.workflow().isCompleted());
                    }
                    if (watcher.ended) {
                        watch.close();
                        watcher = new PodWatcher(tails);
                        watch = pods.watch(workflow.namespace(), workflow.name(), options, watcher);
                        pods.list(workflow.namespace(), workflow.name(), options)
                                .forEach(tails::offer);
                    }
                }
            } finally {
                watch.close();
            }
        } catch (KubernetesClientException e) {
            LOG.warnf("following workflow %s stops: %s", workflow.name(), e.getMessage());
            throw e;
        }
    }

    /** Whether the workflow has ended or gone since it was looked up. */
    private boolean isDone(WorkflowTree workflow) {
        try {
            WorkflowTree now = reads.get(workflow.namespace(), workflow.name(), "");
            return now.isCompleted() || !now.uid().equals(workflow.uid());
        } catch (ApiException e) {
            if (e.code() == ApiException.Code.NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }

    private static final class PodWatcher implements Watcher<Pod> {
        private final Tails tails;
        private volatile boolean ended;

        PodWatcher(Tails tails) {
            this.tails = tails;
        }

        @Override
        public void eventReceived(Action action, Pod pod) {
            if (action == Action.ADDED || action == Action.MODIFIED) {
                tails.offer(pod);
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            ended = true;
        }
    }

    /** Sends lines, and a sign of life when there has been none for a while. */
    private static final class Talk {
        private final MessageStream out;
        private long lastNanos = System.nanoTime();

        Talk(MessageStream out) {
            this.out = out;
        }

        void say(List<LogLine> lines) throws IOException {
            for (LogLine line : lines) {
                out.send(JsonNodeFactory.instance
                        .objectNode()
                        .put("content", line.content())
                        .put("podName", line.podName()));
            }
            long now = System.nanoTime();
            if (!lines.isEmpty()) {
                lastNanos = now;
            } else if (now - lastNanos > MessageStream.KEEP_ALIVE.toNanos()) {
                out.keepAlive();
                lastNanos = now;
            }
        }
    }
}
