package io.tiphys.submitter.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One watch of all Workflows in the Kubernetes API for all readers of this process, open while there is a reader. Each reader has
 * a {@link Reader mailbox} that keeps the newest state of each workflow, so a slow reader costs at most one state per workflow and
 * never holds up the others. When the watch breaks it starts again; states that were missed are listed.
 */
@ApplicationScoped
public class WorkflowFeed {
    private static final Logger LOG = Logger.getLogger(WorkflowFeed.class);
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final ArgoObjects objects;
    private final String namespace;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final ScheduledExecutorService reconnects = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("workflow-feed").factory());
    private @Nullable Watch watch;
    private @Nullable Future<?> pendingReconnect;
    private boolean closed;

    public WorkflowFeed(ArgoObjects objects, SubmitterConfig config) {
        this.objects = objects.ofServer();
        this.namespace = config.managedNamespace().orElse("");
    }

    /** A reader of everything from now on. Close it. */
    public Reader open() {
        Reader reader = new Reader(readers::remove, this::closeIfUnread);
        readers.add(reader);
        lock.lock();
        try {
            if (watch == null) {
                connect(false);
            }
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        } finally {
            lock.unlock();
        }
        return reader;
    }

    private void connect(boolean catchUp) {
        String version = objects.currentVersion(ArgoKind.WORKFLOW, namespace);
        watch = objects.watch(ArgoKind.WORKFLOW, namespace, version, new Listener());
        if (catchUp) {
            objects.forEach(
                    ArgoKind.WORKFLOW, namespace, Selection.ALL, workflow -> publish(Change.Type.MODIFIED, workflow));
        }
    }

    private void closeIfUnread() {
        lock.lock();
        try {
            if (readers.isEmpty() && watch != null) {
                watch.close();
                watch = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void reconnect() {
        lock.lock();
        try {
            pendingReconnect = null;
            if (watch != null) {
                watch.close();
                watch = null;
            }
            if (!readers.isEmpty() && !closed) {
                connect(true);
            }
        } catch (KubernetesClientException e) {
            LOG.warnf("watch of workflows can't be opened, trying again: %s", e.getMessage());
            reconnectLater();
        } finally {
            lock.unlock();
        }
    }

    private void reconnectLater() {
        lock.lock();
        try {
            if (!closed && (pendingReconnect == null || pendingReconnect.isDone())) {
                pendingReconnect = reconnects.schedule(this::reconnect, RECONNECT.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void publish(Change.Type type, ObjectNode object) {
        Change change = new Change(type, new WorkflowTree(object));
        readers.forEach(reader -> reader.offer(change));
    }

    @PreDestroy
    void close() {
        lock.lock();
        try {
            closed = true;
            if (watch != null) {
                watch.close();
                watch = null;
            }
        } finally {
            lock.unlock();
        }
        reconnects.shutdownNow();
        readers.forEach(Reader::end);
    }

    private final class Listener implements Watcher<GenericKubernetesResource> {
        @Override
        public void eventReceived(Action action, GenericKubernetesResource resource) {
            switch (action) {
                case ADDED -> publish(Change.Type.ADDED, objects.toTree(resource));
                case MODIFIED -> publish(Change.Type.MODIFIED, objects.toTree(resource));
                case DELETED -> publish(Change.Type.DELETED, objects.toTree(resource));
                case BOOKMARK, ERROR -> {
                    // nothing of a workflow
                }
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            LOG.debugf("watch of workflows ended, starting again: %s", cause.getMessage());
            reconnectLater();
        }
    }
}
