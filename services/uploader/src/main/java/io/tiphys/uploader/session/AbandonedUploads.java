package io.tiphys.uploader.session;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.uploader.config.UploaderConfig;
import io.tiphys.uploader.session.PostgresUploadSessions.SessionsUnavailableException;
import io.tiphys.uploader.startup.Dependencies;
import io.tiphys.uploader.stream.Spool;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Aborts, every few minutes, what pods that are gone have left half done. */
@Singleton
class AbandonedUploads {
    private static final Logger LOG = Logger.getLogger(AbandonedUploads.class);

    private final Uploading uploading;
    private final UploaderConfig config;
    private final Dependencies dependencies;
    private final MeterRegistry meters;
    private final Spool spool;

    AbandonedUploads(
            Uploading uploading, UploaderConfig config, Dependencies dependencies, MeterRegistry meters, Spool spool) {
        this.spool = spool;
        this.uploading = uploading;
        this.config = config;
        this.dependencies = dependencies;
        this.meters = meters;
    }

    @Scheduled(every = "10m", delayed = "1m")
    @RunOnVirtualThread
    void sweep() {
        spool.sweep();
        if (!dependencies.isReady()) {
            return;
        }
        try {
            var swept = uploading.sweep(
                    config.transfer().abandonedAfter(), config.transfer().finishedKept());
            meters.counter("tiphys.uploader.uploads.aborted").increment(swept.aborted());
            meters.counter("tiphys.uploader.uploads.abort.failures").increment(swept.failed());
            if (swept.aborted() > 0) {
                LOG.infof("aborted %d uploads that nobody finished", swept.aborted());
            }
        } catch (SessionsUnavailableException e) {
            LOG.warnf("abandoned uploads are looked at again later: %s", e.getMessage());
        }
    }
}
