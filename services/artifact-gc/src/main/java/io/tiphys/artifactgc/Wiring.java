package io.tiphys.artifactgc;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.artifactgc.config.ArchiveConfig;
import io.tiphys.artifactgc.config.ArtifactGcConfig;
import io.tiphys.artifactgc.messaging.Publisher;
import io.tiphys.artifactgc.orphan.OrphanSearch;
import io.tiphys.artifactgc.queue.DeletionQueue;
import io.tiphys.artifactgc.queue.PostgresDeletionQueue;
import io.tiphys.artifactgc.queue.QueuedDeletions;
import io.tiphys.artifactgc.queue.QueuedDeletions.Retries;
import io.tiphys.artifactgc.reconcile.Archive;
import io.tiphys.artifactgc.reconcile.ArtifactRemover;
import io.tiphys.artifactgc.reconcile.GcReconciler;
import io.tiphys.artifactgc.reconcile.GcReconciler.Patience;
import io.tiphys.artifactgc.reconcile.GcRounds;
import io.tiphys.artifactgc.reconcile.KubernetesWorkflows;
import io.tiphys.artifactgc.reconcile.LiveReferences;
import io.tiphys.artifactgc.reconcile.SparingRemover;
import io.tiphys.artifactgc.reconcile.StoreRemover;
import io.tiphys.artifactgc.reconcile.WorkflowGateway;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.all.BuiltInStores;
import io.tiphys.artifacts.all.KubernetesSecrets;
import io.tiphys.artifacts.all.StoreSettings;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;

/** Puts the plain classes together. */
class Wiring {
    /** A batch of 1,000 keys takes seconds; this is how long one waits that was taken by a process that then died. */
    private static final Duration LEASE = Duration.ofMinutes(15);

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Archive archive(ArchiveConfig archive) {
        return new Archive(archive.url());
    }

    @Produces
    @Singleton
    WorkflowGateway workflows(KubernetesClient client, Clock clock, Archive archive) {
        return new KubernetesWorkflows(client, archive, clock);
    }

    @Produces
    @Singleton
    OrphanSearch orphans(Stores stores, WorkflowGateway workflows, Archive archive, Clock clock) {
        return new OrphanSearch(stores, workflows, archive, clock);
    }

    @Produces
    @Singleton
    Stores stores(KubernetesClient client, Config config, Clock clock) {
        StoreSettings settings = StoreSettings.read(
                name -> config.getOptionalValue(name, String.class).orElse(null));
        return BuiltInStores.of(settings, new KubernetesSecrets(client, clock), clock);
    }

    void close(@Disposes Stores stores) {
        stores.close();
    }

    @Produces
    @Singleton
    ArtifactRemover remover(Stores stores, WorkflowGateway workflows, Clock clock) {
        return new SparingRemover(new LiveReferences(workflows, clock), new StoreRemover(stores));
    }

    @Produces
    @Singleton
    DeletionQueue queue(DataSource database) {
        return new PostgresDeletionQueue(database);
    }

    @Produces
    @Singleton
    GcRounds rounds(
            WorkflowGateway workflows,
            ArtifactRemover remover,
            DeletionQueue queue,
            Publisher publisher,
            Clock clock,
            ArtifactGcConfig config) {
        Patience patience = new Patience(config.holdAtMost(), config.referencedAgainAfter());
        return new GcRounds(
                new GcReconciler(workflows, remover, queue, publisher, clock, patience),
                publisher,
                new GcRounds.Backoff(config.attempts(), config.initialBackoff(), config.maxBackoff()),
                config.parallelism());
    }

    @Produces
    @Singleton
    QueuedDeletions queuedDeletions(
            DeletionQueue queue, ArtifactRemover remover, Publisher publisher, Clock clock, ArtifactGcConfig config) {
        Retries retries = new Retries(
                config.queueAttempts(),
                config.queueInitialBackoff(),
                config.queueMaxBackoff(),
                config.referencedAgainAfter(),
                LEASE);
        return new QueuedDeletions(queue, remover, publisher, clock, retries);
    }
}
