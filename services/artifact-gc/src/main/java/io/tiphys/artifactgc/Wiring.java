package io.tiphys.artifactgc;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.artifactgc.config.ArtifactGcConfig;
import io.tiphys.artifactgc.messaging.Publisher;
import io.tiphys.artifactgc.reconcile.ArtifactRemover;
import io.tiphys.artifactgc.reconcile.GcReconciler;
import io.tiphys.artifactgc.reconcile.GcRounds;
import io.tiphys.artifactgc.reconcile.KubernetesWorkflows;
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
import org.eclipse.microprofile.config.Config;

/** Puts the plain classes together. */
class Wiring {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    WorkflowGateway workflows(KubernetesClient client, Clock clock) {
        return new KubernetesWorkflows(client, clock);
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
    ArtifactRemover remover(Stores stores) {
        return new StoreRemover(stores);
    }

    @Produces
    @Singleton
    GcRounds rounds(WorkflowGateway workflows, ArtifactRemover remover, Publisher publisher, ArtifactGcConfig config) {
        return new GcRounds(
                new GcReconciler(workflows, remover, publisher),
                new GcRounds.Backoff(config.attempts(), config.initialBackoff(), config.maxBackoff()),
                config.parallelism());
    }
}
