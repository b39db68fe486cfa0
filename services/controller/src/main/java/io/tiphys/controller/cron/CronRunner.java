package io.tiphys.controller.cron;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowSpec;
import io.tiphys.api.CronWorkflowStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.controller.cron.CronPlan.Decision;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.KubeEvents;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts workflows on schedules, for the CronWorkflows whose shard this replica owns. A child's name is made of the cron's
 * and the scheduled time, so two replicas that both think it theirs start one workflow.
 */
public final class CronRunner implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CronRunner.class);
    private static final String LABEL_CRON = "workflows.argoproj.io/cron-workflow";
    private static final String ANNOTATION_TIME = "workflows.argoproj.io/scheduled-time";
    private static final Duration CHILDREN_INTERVAL = Duration.ofSeconds(10);
    private static final int DEFAULT_SUCCESSFUL = 3;
    private static final int DEFAULT_FAILED = 1;

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final KubeEvents events;
    private final Clock clock;
    private final Duration interval;
    private final Predicate<String> isOwned;
    private final SharedIndexInformer<CronWorkflow> crons;
    private final Map<String, Instant> considered = new HashMap<>();
    private final Map<String, Instant> lookedAfter = new HashMap<>();
    private final Thread thread;

    /**
     * Begins to watch; {@link #start} begins to act.
     *
     * @param isOwned whether this replica is responsible for the object with that uid
     */
    public CronRunner(
            KubernetesClient client,
            ApiCalls calls,
            KubeEvents events,
            Clock clock,
            Duration interval,
            Predicate<String> isOwned) {
        this.client = client;
        this.calls = calls;
        this.events = events;
        this.clock = clock;
        this.interval = interval;
        this.isOwned = isOwned;
        this.crons = client.resources(CronWorkflow.class).inAnyNamespace().runnableInformer(0);
        this.thread = Thread.ofVirtual().name("cron").unstarted(this);
    }

    public void start() {
        crons.exceptionHandler((isStarted, failure) -> {
            LOG.warn("watch of cron workflows failed and is tried again: {}", failure.toString());
            return true;
        });
        var _ = crons.start();
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        crons.stop();
    }

    @Override
    public void run() {
        try {
            while (true) {
                for (CronWorkflow cron : crons.getStore().list()) {
                    if (isOwned.test(cron.getMetadata().getUid())
                            && cron.getMetadata().getDeletionTimestamp() == null) {
                        look(cron);
                    }
                }
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(CronWorkflow cron) throws InterruptedException {
        String uid = cron.getMetadata().getUid();
        try {
            Instant now = clock.instant();
            boolean running = !cron.getStatus().active().isEmpty();
            Decision decision = CronPlan.decide(cron, considered.getOrDefault(uid, Instant.EPOCH), now);
            switch (decision) {
                case Decision.Nothing _ -> {
                    if (running
                            && !now.isBefore(
                                    lookedAfter.getOrDefault(uid, Instant.EPOCH).plus(CHILDREN_INTERVAL))) {
                        lookAfterChildren(cron, null);
                    }
                }
                case Decision.Start(var scheduled) -> {
                    lookAfterChildren(cron, scheduled);
                    considered.put(uid, scheduled);
                }
                case Decision.Skip(var scheduled, var reason) -> {
                    LOG.info("{} is not run for {}: {}", cron, scheduled, reason);
                    considered.put(uid, scheduled);
                    lookAfterChildren(cron, null);
                }
            }
        } catch (KubernetesClientException e) {
            LOG.warn("{} can't be dealt with now: {}", cron, ApiFailure.reason(e));
        } catch (IllegalArgumentException e) {
            considered.put(uid, clock.instant());
            LOG.warn("{} can't be run: {}", cron, e.getMessage());
            publish(cron, "Warning", "SpecError", String.valueOf(e.getMessage()));
        }
    }

    /** Starts the workflow that is due, if any, forgets what has ended, and keeps to the limits of history. */
    private void lookAfterChildren(CronWorkflow cron, @Nullable Instant scheduled) throws InterruptedException {
        List<Workflow> children = children(cron);
        Map<String, WorkflowPhase> phases = new HashMap<>();
        children.forEach(child ->
                phases.put(child.getMetadata().getUid(), child.getStatus().phase()));
        CronWorkflowStatus status = cron.getStatus();
        List<ObjectReference> active = new ArrayList<>();
        long succeeded = status.succeeded();
        long failed = status.failed();
        for (ObjectReference reference : status.active()) {
            WorkflowPhase phase = phases.get(reference.getUid());
            if (phase == null) {
                continue;
            }
            if (!phase.isFulfilled()) {
                active.add(reference);
            } else if (phase == WorkflowPhase.SUCCEEDED) {
                succeeded++;
            } else {
                failed++;
            }
        }
        Instant last = status.lastScheduledTime();
        if (scheduled != null
                && !active.isEmpty()
                && "Forbid".equals(cron.getSpec().concurrencyPolicy())) {
            LOG.info(
                    "{} is not run for {}: an earlier workflow is still running and concurrencyPolicy is Forbid",
                    cron,
                    scheduled);
        } else if (scheduled != null) {
            if ("Replace".equals(cron.getSpec().concurrencyPolicy())) {
                terminate(children);
            }
            active.add(reference(startChild(cron, scheduled)));
            last = scheduled;
        }
        CronWorkflowStatus next = status.withActive(active)
                .withSucceeded(succeeded)
                .withFailed(failed)
                .withPhase(status.phase() == null || status.phase().isEmpty() ? "Active" : status.phase())
                .withLastScheduledTime(last);
        if (!next.equals(status)) {
            write(cron, next);
        }
        prune(cron.getSpec(), children);
        lookedAfter.put(cron.getMetadata().getUid(), clock.instant());
    }

    private List<Workflow> children(CronWorkflow cron) throws InterruptedException {
        return calls.call(
                        "list workflows",
                        () -> client.resources(Workflow.class)
                                .inNamespace(cron.getMetadata().getNamespace())
                                .withLabel(LABEL_CRON, cron.getMetadata().getName())
                                .list())
                .getItems();
    }

    private Workflow startChild(CronWorkflow cron, Instant scheduled) throws InterruptedException {
        Workflow child = child(cron, scheduled);
        var resource = client.resources(Workflow.class)
                .inNamespace(cron.getMetadata().getNamespace())
                .resource(child);
        try {
            Workflow created = calls.call("create workflow", resource::create);
            LOG.info("{} started workflow {}", cron, child.getMetadata().getName());
            return created;
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.ALREADY_EXISTS) {
                publish(cron, "Warning", "SubmissionError", ApiFailure.reason(e));
                throw e;
            }
            return calls.call("get workflow", resource::get);
        }
    }

    static Workflow child(CronWorkflow cron, Instant scheduled) {
        CronWorkflowSpec spec = cron.getSpec();
        ObjectMeta own = cron.getMetadata();
        ObjectMeta extra = Optional.ofNullable(spec.workflowMetadata()).orElseGet(ObjectMeta::new);
        ObjectMeta meta = new ObjectMetaBuilder()
                .withName(own.getName() + "-" + scheduled.getEpochSecond())
                .withNamespace(own.getNamespace())
                .withLabels(extra.getLabels())
                .addToLabels(LABEL_CRON, own.getName())
                .withAnnotations(extra.getAnnotations())
                .addToAnnotations(ANNOTATION_TIME, scheduled.toString())
                .withFinalizers(extra.getFinalizers())
                .addNewOwnerReference()
                .withApiVersion(ArgoResource.API_VERSION)
                .withKind("CronWorkflow")
                .withName(own.getName())
                .withUid(own.getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .build();
        return new Workflow(meta, Optional.ofNullable(spec.workflowSpec()).orElse(WorkflowSpec.NONE));
    }

    private void terminate(List<Workflow> children) throws InterruptedException {
        for (Workflow child : children) {
            if (!child.getStatus().phase().isFulfilled()) {
                calls.call(
                        "terminate workflow",
                        () -> client.resource(child)
                                .patch(
                                        PatchContext.of(PatchType.JSON_MERGE),
                                        "{\"spec\":{\"shutdown\":\"Terminate\"}}"));
            }
        }
    }

    private void write(CronWorkflow cron, CronWorkflowStatus status) throws InterruptedException {
        try {
            calls.call(
                    "write cron workflow status",
                    () -> client.resource(cron.withStatus(status)).updateStatus());
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.CONFLICT) {
                throw e;
            }
            CronWorkflow latest =
                    calls.call("get cron workflow", () -> client.resource(cron).get());
            if (latest != null) {
                calls.call(
                        "write cron workflow status",
                        () -> client.resource(latest.withStatus(status)).updateStatus());
            }
        }
    }

    /** Deletes the oldest finished children beyond the limits. */
    private void prune(CronWorkflowSpec spec, List<Workflow> children) throws InterruptedException {
        int successful = Optional.ofNullable(spec.successfulJobsHistoryLimit()).orElse(DEFAULT_SUCCESSFUL);
        int failed = Optional.ofNullable(spec.failedJobsHistoryLimit()).orElse(DEFAULT_FAILED);
        prune(children, phase -> phase == WorkflowPhase.SUCCEEDED, successful);
        prune(children, phase -> phase.isFulfilled() && phase != WorkflowPhase.SUCCEEDED, failed);
    }

    private void prune(List<Workflow> children, Predicate<WorkflowPhase> which, int limit) throws InterruptedException {
        List<Workflow> finished = children.stream()
                .filter(child -> which.test(child.getStatus().phase()))
                .sorted(Comparator.comparing((Workflow child) -> Optional.ofNullable(
                                        child.getStatus().finishedAt())
                                .orElse(Instant.EPOCH))
                        .reversed())
                .toList();
        for (Workflow child : finished.subList(Math.min(limit, finished.size()), finished.size())) {
            calls.call("delete workflow", () -> client.resource(child).delete());
        }
    }

    private static ObjectReference reference(Workflow workflow) {
        return new ObjectReferenceBuilder()
                .withApiVersion(ArgoResource.API_VERSION)
                .withKind("Workflow")
                .withNamespace(workflow.getMetadata().getNamespace())
                .withName(workflow.getMetadata().getName())
                .withUid(workflow.getMetadata().getUid())
                .build();
    }

    private void publish(CronWorkflow cron, String type, String reason, String message) throws InterruptedException {
        ObjectMeta meta = cron.getMetadata();
        events.publish(
                "CronWorkflow",
                meta.getNamespace(),
                meta.getName(),
                meta.getUid(),
                type,
                reason,
                message,
                clock.instant());
    }
}
