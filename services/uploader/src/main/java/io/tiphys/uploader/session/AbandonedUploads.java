package io.tiphys.uploader.session;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.artifacts.StoreException;
import io.tiphys.uploader.config.UploaderConfig;
import io.tiphys.uploader.session.PostgresUploadSessions.SessionsUnavailableException;
import io.tiphys.uploader.startup.Dependencies;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Aborts, every few minutes, what pods that are gone have left half done. */
@Singleton
class AbandonedUploads {
    private static final Logger LOG = Logger.getLogger(AbandonedUploads.class);

    private final Uploading uploading;
    private final UploaderConfig config;
    private final Dependencies dependencies;

    AbandonedUploads(Uploading uploading, UploaderConfig config, Dependencies dependencies) {
        this.uploading = uploading;
        this.config = config;
        this.dependencies = dependencies;
    }

    @Scheduled(every = "10m", delayed = "1m")
    @RunOnVirtualThread
    void sweep() {
        if (!dependencies.isReady()) {
            return;
        }
        try {
            int aborted = uploading.sweep(
                    config.transfer().abandonedAfter(), config.transfer().finishedKept());
            if (aborted > 0) {
                LOG.infof("aborted %d uploads that nobody finished", aborted);
            }
        } catch (StoreException | SessionsUnavailableException e) {
            LOG.warnf("abandoned uploads are looked at again later: %s", e.getMessage());
        }
    }
}
