package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.cluster.RawRequests;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the Workflows that no replica has labelled with their shard yet, or that somebody has taken the label from. One that leaves
 * them was labelled, or deleted: the watch doesn't say which, so what nobody has seen with a label a while later is looked up.
 */
final class Newcomers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Newcomers.class);
    private static final int MOST = 8_192;
    private static final int NOT_FOUND = 404;
    private static final int ATTEMPTS = 10;
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    /** Who is told. Called on several threads; must not block. */
    interface Listener {
        void seen(Workflow workflow);

        /** It was deleted before it had a label. */
        void gone(Workflow workflow);

        /** Nobody could find out whether it is there. */
        void isLost(Workflow workflow);

        /** Whether its end is of interest here; what belongs to other replicas needn't be looked up. */
        boolean isOurs(Workflow workflow);
    }

    private final RawRequests requests;
    private final Listener listener;
    private final MeterRegistry metrics;
    private final Duration firstPause;
    private final Map<String, Workflow> unlabelled = new LinkedHashMap<>();
    /** By uid the version that was seen with a label; of those that were last. */
    private final Map<String, String> labelled = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    private final ListWatch<Workflow> watch;
    private volatile boolean closed;

    Newcomers(String path, RawRequests requests, Listener listener, MeterRegistry metrics) {
        this(path, requests, listener, metrics, FIRST_PAUSE);
    }

    /**
     * The same with other patience.
     *
     * @param firstPause before it is looked up what became of one; each further one is twice as long
     */
    Newcomers(String path, RawRequests requests, Listener listener, MeterRegistry metrics, Duration firstPause) {
        this.firstPause = firstPause;
        this.requests = requests;
        this.listener = listener;
        this.metrics = metrics;
        this.watch = new ListWatch<>(
                "workflows without a shard", path, requests, new WorkflowReader(), new Changes(), metrics);
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
    }

    /** Tells all that there are, for whoever didn't listen before. */
    void tellAgain() {
        known().forEach(listener::seen);
    }

    private synchronized List<Workflow> known() {
        return List.copyOf(unlabelled.values());
    }

    /** Somebody has seen it with a label. */
    synchronized void isLabelled(Workflow workflow) {
        String uid = workflow.getMetadata().getUid();
        Workflow known = unlabelled.get(uid);
        if (known != null && ResourceVersions.isLater(version(known), version(workflow))) {
            return; // it had one before
        }
        unlabelled.remove(uid);
        labelled.put(uid, version(workflow));
    }

    /** Whether what looks like its end, to whoever watches those with a label, is that somebody took the label from it. */
    synchronized boolean hasLostItsLabel(Workflow gone) {
        Workflow known = unlabelled.get(gone.getMetadata().getUid());
        return known != null && !ResourceVersions.isLater(version(gone), version(known));
    }

    private static String version(Workflow workflow) {
        return String.valueOf(workflow.getMetadata().getResourceVersion());
    }

    private synchronized boolean add(Workflow workflow) {
        String uid = workflow.getMetadata().getUid();
        String before = labelled.get(uid);
        if (before != null && !ResourceVersions.isLater(version(workflow), before)) {
            return false;
        }
        labelled.remove(uid);
        unlabelled.put(uid, workflow);
        return true;
    }

    private synchronized boolean remove(Workflow workflow) {
        return unlabelled.remove(workflow.getMetadata().getUid()) != null;
    }

    private synchronized boolean isKnown(Workflow workflow) {
        String uid = workflow.getMetadata().getUid();
        return labelled.containsKey(uid) || unlabelled.containsKey(uid);
    }

    private final class Changes implements ListWatch.Listener<Workflow> {
        @Override
        public void listed(List<Workflow> all, String version) {
            Set<String> uids = all.stream()
                    .map(workflow -> workflow.getMetadata().getUid())
                    .collect(Collectors.toSet());
            known().stream()
                    .filter(workflow -> !uids.contains(workflow.getMetadata().getUid()))
                    .forEach(this::gone);
            all.forEach(this::seen);
        }

        @Override
        public void seen(Workflow workflow) {
            if (add(workflow)) {
                listener.seen(workflow);
            }
        }

        @Override
        public void gone(Workflow workflow) {
            if (remove(workflow) && listener.isOurs(workflow)) {
                Thread.ofVirtual().name("newcomer-gone").start(() -> lookUp(workflow));
            }
        }
    }

    private void lookUp(Workflow workflow) {
        ObjectMeta meta = workflow.getMetadata();
        Duration pause = firstPause;
        for (int attempt = 1; attempt <= ATTEMPTS && !closed; attempt++) {
            try {
                Thread.sleep(pause);
                if (!isKnown(workflow) && !isThere(meta)) {
                    listener.gone(workflow);
                }
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException e) { // whatever it is, it must not end the search
                metrics.counter("tiphys.watch.failures", "what", "workflows without a shard")
                        .increment();
                LOG.debug("workflow {}/{} can't be looked up: {}", meta.getNamespace(), meta.getName(), e.toString());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
        if (!closed) {
            listener.isLost(workflow);
        }
    }

    private boolean isThere(ObjectMeta meta) throws IOException {
        try {
            byte[] found = requests.get(RawRequests.workflowPath(meta.getNamespace(), meta.getName()));
            String uid = ApiJson.mapper().readTree(found).at("/metadata/uid").asText();
            return Objects.equals(uid, meta.getUid());
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }
}
