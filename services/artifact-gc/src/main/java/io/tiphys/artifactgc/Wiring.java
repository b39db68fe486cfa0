package io.tiphys.artifactgc;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.artifactgc.config.ArtifactGcConfig;
import io.tiphys.artifactgc.config.OssConfig;
import io.tiphys.artifactgc.messaging.Publisher;
import io.tiphys.artifactgc.reconcile.ArtifactRemover;
import io.tiphys.artifactgc.reconcile.GcReconciler;
import io.tiphys.artifactgc.reconcile.GcRounds;
import io.tiphys.artifactgc.reconcile.KubernetesSecrets;
import io.tiphys.artifactgc.reconcile.KubernetesWorkflows;
import io.tiphys.artifactgc.reconcile.StoreRemover;
import io.tiphys.artifactgc.reconcile.WorkflowGateway;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.oss.OssDriver;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;

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
    ArtifactRemover remover(KubernetesClient client, OssConfig oss) {
        Credentials own = oss.accessKeyId()
                .flatMap(id -> oss.accessKeySecret()
                        .map(secret ->
                                new Credentials(id, secret, oss.securityToken().orElse(null))))
                .orElse(null);
        return new StoreRemover(new Stores(List.of(new OssDriver(own)), new KubernetesSecrets(client)));
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
