package io.tiphys.controller.locks;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tiphys.engine.locks.LockTable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many workflows may run at once: in all, and in a namespace, for which the label {@code
 * workflows.argoproj.io/parallelism-limit} of the Namespace says more than the setting. 0 is no limit.
 */
final class WorkflowLimits implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkflowLimits.class);
    static final String LABEL = "workflows.argoproj.io/parallelism-limit";

    private final int inAll;
    private final int inNamespace;
    private final Map<String, Integer> labelled = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Namespace> informer;

    /** Nothing is watched until it is started. */
    WorkflowLimits(KubernetesClient client, int inAll, int inNamespace) {
        this.inAll = inAll;
        this.inNamespace = inNamespace;
        this.informer = client.namespaces().withLabel(LABEL).runnableInformer(0);
    }

    /** Watches namespaces; {@code changed} is run when a limit did. */
    void start(Runnable changed) {
        informer.addEventHandler(new ResourceEventHandler<Namespace>() {
            @Override
            public void onAdd(Namespace namespace) {
                read(namespace);
                changed.run();
            }

            @Override
            public void onUpdate(Namespace before, Namespace namespace) {
                read(namespace);
                changed.run();
            }

            @Override
            public void onDelete(Namespace namespace, boolean isFinalStateUnknown) {
                labelled.remove(namespace.getMetadata().getName());
                changed.run();
            }
        });
        informer.exceptionHandler((isStarted, failure) -> {
            LOG.warn("namespaces can't be watched for {}, to be tried again: {}", LABEL, failure.toString());
            return true;
        });
        informer.start();
    }

    boolean isLimited(String namespace) {
        return inAll != 0 || labelled.getOrDefault(namespace, inNamespace) != 0;
    }

    /** The limit behind a lock of workflows; very many for none. */
    int limit(String lock) {
        String namespace = lock.substring(0, lock.length() - LockTable.ALL_WORKFLOWS.length());
        int limit = namespace.isEmpty() ? inAll : labelled.getOrDefault(namespace, inNamespace);
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    @Override
    public void close() {
        informer.stop();
    }

    private void read(Namespace namespace) {
        String name = namespace.getMetadata().getName();
        Map<String, String> labels = namespace.getMetadata().getLabels();
        String label = labels == null ? null : labels.get(LABEL);
        try {
            if (label == null) {
                labelled.remove(name);
            } else {
                labelled.put(name, Integer.valueOf(label));
            }
        } catch (NumberFormatException e) {
            LOG.warn("namespace {} has the label {}={}, which is no number; the setting holds", name, LABEL, label);
            labelled.remove(name);
        }
    }
}
