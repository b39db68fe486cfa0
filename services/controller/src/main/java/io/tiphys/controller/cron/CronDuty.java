package io.tiphys.controller.cron;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tiphys.api.Condition;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowStatus;
import io.tiphys.api.Workflow;
import io.tiphys.controller.cron.CronPlan.Fire;
import io.tiphys.controller.cron.CronPlan.Memory;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.controller.metrics.MetricBoard;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out what {@link CronPlan} says. The order is what makes one time start one workflow: claim the time, create the workflow, write
 * the status. Whoever comes after a crash in between finds the claim or the workflow.
 */
final class CronDuty {
    private static final Logger LOG = LoggerFactory.getLogger(CronDuty.class);
    private static final String LABEL_COMPLETED = "cronworkflows.argoproj.io/completed";

    private final CronApi api;
    private final KubeEvents events;
    private final MeterRegistry metrics;
    private final MetricBoard board;
    private final Clock clock;

    CronDuty(CronApi api, KubeEvents events, MeterRegistry metrics, MetricBoard board, Clock clock) {
        this.api = api;
        this.events = events;
        this.metrics = metrics;
        this.board = board;
        this.clock = clock;
    }

    /**
     * What came of looking at a cron.
     *
     * @param wake when to look again at the latest
     */
    record Looked(Memory memory, Instant wake) {}

    /** Does what is due now for this cron as it was seen last. */
    Looked look(CronWorkflow cron, Memory memory) throws InterruptedException {
        Instant now = clock.instant();
        CronPlan plan = CronPlan.of(cron, api.children(cron), memory, now);
        if (plan.overlap() != null) {
            count("argo_workflows.cronworkflows.concurrencypolicy.triggered", cron, plan.overlap());
        }
        Looked again = new Looked(plan.memory(), now);
        Optional<CronWorkflow> held = annotated(cron, plan);
        if (held.isEmpty()) {
            return again;
        }
        Looked looked = new Looked(plan.memory(), plan.wake());
        CronWorkflowStatus status = plan.status();
        if (plan.fire().isPresent()) {
            Fire fire = plan.fire().get();
            looked = new Looked(plan.memory().claim(fire.scheduled()), now);
            Optional<String> problem = api.problem(cron);
            if (problem.isPresent()) {
                status = CronConditions.with(status, CronConditions.SPEC_ERROR, problem.get());
                looked = new Looked(looked.memory().settle(fire.scheduled()), plan.wake());
            } else {
                Started started = start(cron, status, fire, looked.memory());
                status = started.status();
                looked = new Looked(started.memory(), now);
            }
        }
        if (!status.equals(cron.getStatus())) {
            tellOfErrors(cron, status);
            if (api.write(held.get(), status).isEmpty()) {
                return new Looked(looked.memory(), now);
            }
        }
        for (Child child : plan.deletions()) {
            api.delete(child);
        }
        return looked;
    }

    /** The cron with what the plan wants to be noted on it before anything is done; empty if somebody else was faster. */
    private Optional<CronWorkflow> annotated(CronWorkflow cron, CronPlan plan) throws InterruptedException {
        Map<String, String> present =
                Optional.ofNullable(cron.getMetadata().getAnnotations()).orElse(Map.of());
        Map<String, String> annotations = new LinkedHashMap<>();
        String schedules = Ledger.schedules(cron.getSpec());
        if (plan.schedulesUsed() && !schedules.equals(present.get(Ledger.SCHEDULES))) {
            annotations.put(Ledger.SCHEDULES, schedules);
        }
        plan.fire()
                .ifPresent(
                        fire -> annotations.put(Ledger.CLAIMED, fire.scheduled().toString()));
        Map<String, String> labels = plan.completes() ? Map.of(LABEL_COMPLETED, "true") : Map.of();
        return annotations.isEmpty() && labels.isEmpty() ? Optional.of(cron) : api.annotate(cron, annotations, labels);
    }

    private record Started(CronWorkflowStatus status, Memory memory) {}

    private Started start(CronWorkflow cron, CronWorkflowStatus before, Fire fire, Memory memory)
            throws InterruptedException {
        CronWorkflowStatus status = CronConditions.without(before, CronConditions.SPEC_ERROR);
        for (Child child : fire.replaces()) {
            api.terminate(child);
        }
        count("argo_workflows.cronworkflows.triggered", cron, "");
        try {
            Workflow child = api.create(ChildWorkflow.of(cron, fire.scheduled()));
            if (!Child.isOf(cron, child)) {
                String taken =
                        "workflow \"" + child.getMetadata().getName() + "\" exists and is not this cron workflow's";
                return new Started(CronPlan.refused(status, taken), memory.settle(fire.scheduled()));
            }
            LOG.info("{} started workflow {}", cron, child.getMetadata().getName());
            return new Started(
                    CronPlan.started(status, fire.scheduled(), Child.of(child).reference()),
                    memory.settle(fire.scheduled()));
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) == ApiFailure.TRANSIENT) {
                LOG.warn("{} can't start a workflow for {} now: {}", cron, fire.scheduled(), ApiFailure.reason(e));
                return new Started(status, memory);
            }
            return new Started(CronPlan.refused(status, ApiFailure.reason(e)), memory.settle(fire.scheduled()));
        }
    }

    /** Conditions that are new become events as well. */
    private void tellOfErrors(CronWorkflow cron, CronWorkflowStatus status) throws InterruptedException {
        ObjectMeta meta = cron.getMetadata();
        for (Condition condition : status.conditions()) {
            if (!cron.getStatus().conditions().contains(condition)) {
                String message = String.valueOf(condition.message());
                LOG.warn("{}: {}: {}", cron, condition.type(), message);
                board.count(
                        "error_count",
                        MetricBoard.ERRORS,
                        Map.of(
                                "cause",
                                condition.type().equals(CronConditions.SPEC_ERROR)
                                        ? "CronWorkflowSpecError"
                                        : "CronWorkflowSubmissionError"));
                events.publish(
                        "CronWorkflow",
                        meta.getNamespace(),
                        meta.getName(),
                        meta.getUid(),
                        "Warning",
                        condition.type(),
                        message,
                        clock.instant());
            }
        }
    }

    private void count(String metric, CronWorkflow cron, String policy) {
        ObjectMeta meta = cron.getMetadata();
        Tags tags = Tags.of("name", meta.getName(), "namespace", meta.getNamespace());
        metrics.counter(metric, policy.isEmpty() ? tags : tags.and("concurrency_policy", policy))
                .increment();
    }
}
