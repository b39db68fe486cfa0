package io.tiphys.controller.lifecycle;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.Instance;
import io.tiphys.controller.kube.WorkflowGateway;
import io.tiphys.controller.lifecycle.RetentionPolicy.Finished;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes finished workflows that are more than {@link RetentionPolicy} keeps, oldest first; those that the archive hasn't taken in yet
 * don't count. One replica at a time does it.
 */
public final class RetentionKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionKeeper.class);
    private static final long PAGE = 500;

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final WorkflowGateway workflows;
    private final MeterRegistry metrics;
    private final RetentionPolicy policy;
    private final Duration interval;
    private final Instance instance;
    private final BooleanSupplier isOurs;
    private final Thread thread;

    /**
     * Does nothing until it is started.
     *
     * @param isOurs whether this replica is the one to do it
     */
    public RetentionKeeper(
            KubernetesClient client,
            ApiCalls calls,
            WorkflowGateway workflows,
            MeterRegistry metrics,
            RetentionPolicy policy,
            Duration interval,
            Instance instance,
            BooleanSupplier isOurs) {
        this.client = client;
        this.calls = calls;
        this.workflows = workflows;
        this.metrics = metrics;
        this.policy = policy;
        this.interval = interval;
        this.instance = instance;
        this.isOurs = isOurs;
        this.thread = Thread.ofVirtual().name("retention").unstarted(this::run);
    }

    public void start() {
        if (policy.isAny()) {
            thread.start();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (isOurs.getAsBoolean()) {
                    keep();
                }
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once. */
    void keep() throws InterruptedException {
        for (WorkflowPhase phase : List.of(WorkflowPhase.SUCCEEDED, WorkflowPhase.FAILED, WorkflowPhase.ERROR)) {
            if (policy.most(phase).isEmpty()) {
                continue;
            }
            try {
                for (Finished surplus : policy.surplus(phase, finished(phase))) {
                    LOG.info(
                            "workflow {}/{} is one more than retentionPolicy keeps of phase {} and is deleted",
                            surplus.namespace(),
                            surplus.name(),
                            phase.json());
                    workflows.delete(new WorkflowRef(surplus.namespace(), surplus.name(), surplus.uid()));
                    metrics.counter("tiphys.retention.deleted", "phase", phase.json())
                            .increment();
                }
            } catch (KubernetesClientException e) {
                LOG.warn("retentionPolicy can't be kept now for phase {}: {}", phase.json(), ApiFailure.reason(e));
            }
        }
    }

    private List<Finished> finished(WorkflowPhase phase) throws InterruptedException {
        List<Finished> all = new ArrayList<>();
        String next = null;
        do {
            var options =
                    new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
            var page = calls.call(
                    "list workflows",
                    () -> instance.select(client.resources(Workflow.class).inAnyNamespace())
                            .withLabel(PhaseLabels.PHASE, phase.json())
                            .list(options));
            for (Workflow workflow : page.getItems()) {
                var meta = workflow.getMetadata();
                String archiving = meta.getLabels().get(PhaseLabels.ARCHIVING);
                if (meta.getDeletionTimestamp() == null && !Objects.equals(archiving, "Pending")) {
                    all.add(new Finished(
                            meta.getNamespace(), meta.getName(), meta.getUid(), time(meta.getCreationTimestamp())));
                }
            }
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return all;
    }

    private static Instant time(String created) {
        return created == null ? Instant.EPOCH : OffsetDateTime.parse(created).toInstant();
    }
}
