package io.tiphys.controller.cron;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.controller.cron.CronDuty.Looked;
import io.tiphys.controller.cron.CronPlan.Memory;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.Instance;
import io.tiphys.controller.kube.KubeEvents;
import io.tiphys.controller.metrics.MetricBoard;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the cron workflows and looks at those whose shard this replica owns: when they changed, when a time has come, and while their
 * workflows run.
 */
public final class CronRunner implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CronRunner.class);

    private final Clock clock;
    private final Duration interval;
    private final Predicate<String> isOwned;
    private final SharedIndexInformer<CronWorkflow> crons;
    private final CronDuty duty;
    private final Thread thread;
    private Map<String, Known> known = new HashMap<>();

    /** A cron as it was looked at last. */
    private record Known(String resourceVersion, Looked looked, Instant at) {
        /** Whether there is nothing to do; a clock that was set back makes everything new. */
        boolean mayWait(CronWorkflow cron, Instant now) {
            return cron.getMetadata().getResourceVersion().equals(resourceVersion)
                    && now.isBefore(looked.wake())
                    && !now.isBefore(at);
        }
    }

    /**
     * Begins to watch; {@link #start} begins to act.
     *
     * @param defaults gives a workflow's spec what the operator's defaults add to it
     * @param isOwned whether this replica is responsible for the object with that uid
     */
    public CronRunner(
            KubernetesClient client,
            ApiCalls calls,
            KubeEvents events,
            MeterRegistry metrics,
            MetricBoard board,
            Clock clock,
            Duration interval,
            Instance instance,
            UnaryOperator<WorkflowSpec> defaults,
            Predicate<String> isOwned) {
        this.clock = clock;
        this.interval = interval;
        this.isOwned = isOwned;
        this.crons = instance.select(client.resources(CronWorkflow.class).inAnyNamespace())
                .runnableInformer(0);
        this.duty = new CronDuty(new CronApi(client, calls, defaults), events, metrics, board, clock);
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
                lookAt(crons.getStore().list());
                Thread.sleep(interval);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once at each of these that needs it. Who isn't owned (any more) is forgotten. */
    void lookAt(List<CronWorkflow> present) throws InterruptedException {
        Map<String, Known> next = new HashMap<>();
        for (CronWorkflow cron : present) {
            String uid = cron.getMetadata().getUid();
            if (isOwned.test(uid) && cron.getMetadata().getDeletionTimestamp() == null) {
                Known before = known.get(uid);
                boolean waits = before != null && before.mayWait(cron, clock.instant());
                next.put(uid, waits ? before : look(cron, before));
            }
        }
        known = next;
    }

    private Known look(CronWorkflow cron, @Nullable Known before) throws InterruptedException {
        Instant now = clock.instant();
        Memory memory = before == null ? Memory.NONE : before.looked().memory();
        String version = cron.getMetadata().getResourceVersion();
        try {
            return new Known(version, duty.look(cron, memory), now);
        } catch (KubernetesClientException e) {
            LOG.warn("{} can't be dealt with now: {}", cron, ApiFailure.reason(e));
            return new Known(version, new Looked(memory, now), now);
        }
    }
}
