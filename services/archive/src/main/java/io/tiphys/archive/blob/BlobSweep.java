package io.tiphys.archive.blob;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.tiphys.archive.config.BlobConfig;
import io.tiphys.archive.live.LiveWorkflows;
import io.tiphys.archive.startup.Dependencies;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Deletes, now and then, the blobs that neither a live nor an archived workflow refers to. A blob's references aren't counted but looked up
 * each time, so nothing that was missed or told twice can make it go too early or stay for ever. Several replicas may do it at once.
 */
@ApplicationScoped
public class BlobSweep {
    private static final Logger LOG = Logger.getLogger(BlobSweep.class);

    private final Blobs blobs;
    private final LiveWorkflows live;
    private final Dependencies dependencies;
    private final BlobConfig config;
    private final MeterRegistry metrics;
    private final Clock clock = Clock.systemUTC();
    private @Nullable Thread sweeper;

    public BlobSweep(
            Blobs blobs, LiveWorkflows live, Dependencies dependencies, BlobConfig config, MeterRegistry metrics) {
        this.blobs = blobs;
        this.live = live;
        this.dependencies = dependencies;
        this.config = config;
        this.metrics = metrics;
    }

    void onStart(@Observes StartupEvent event) {
        sweeper = Thread.ofVirtual().name("blob-sweep").start(this::sweepForEver);
    }

    private void sweepForEver() {
        try {
            dependencies.awaitSchema();
            while (!Thread.currentThread().isInterrupted()) {
                TimeUnit.MILLISECONDS.sleep(config.sweepPeriod().toMillis());
                sweep();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sweep() {
        try {
            // the time first: what is referred to after the workflows were listed was touched after this
            OffsetDateTime before = clock.instant().minus(config.grace()).atOffset(ZoneOffset.UTC);
            Set<String> referred = live.references();
            int deleted = blobs.sweep(before, referred);
            metrics.counter("tiphys.archive.blobs.deleted").increment(deleted);
            if (deleted > 0) {
                LOG.infof("deleted %d blobs that no workflow refers to", deleted);
            }
        } catch (KubernetesClientException e) {
            metrics.counter("tiphys.archive.blobs.sweeps.failed").increment();
            LOG.warnf("blobs are not swept now, live workflows can't be listed: %s", e.getMessage());
        } catch (RuntimeException e) {
            metrics.counter("tiphys.archive.blobs.sweeps.failed").increment();
            LOG.warnf(e, "blobs are not swept now");
        }
    }

    @PreDestroy
    void stop() {
        if (sweeper != null) {
            sweeper.interrupt();
        }
    }
}
