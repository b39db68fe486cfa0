package io.tiphys.uploader;

import io.agroal.api.AgroalDataSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.Startup;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.oss.OssDriver;
import io.tiphys.transfer.CapabilityKey;
import io.tiphys.uploader.agent.HeaderSecrets;
import io.tiphys.uploader.agent.TaskSets;
import io.tiphys.uploader.config.UploaderConfig;
import io.tiphys.uploader.kube.KubernetesSecrets;
import io.tiphys.uploader.kube.Pods;
import io.tiphys.uploader.messaging.KafkaPublisher;
import io.tiphys.uploader.rest.Authority;
import io.tiphys.uploader.session.Downloading;
import io.tiphys.uploader.session.PostgresUploadSessions;
import io.tiphys.uploader.session.Uploading;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the plain classes together. */
class Wiring {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Authority authority(UploaderConfig config, Clock clock) throws IOException {
        return new Authority(CapabilityKey.read(config.capability().keyFile()), clock);
    }

    @Produces
    @Singleton
    OssDriver oss(UploaderConfig config) {
        return new OssDriver(ownCredentials(config.oss()));
    }

    void close(@Disposes OssDriver driver) {
        driver.close();
    }

    @Produces
    @Singleton
    KubernetesSecrets secrets(KubernetesClient client, Clock clock) {
        return new KubernetesSecrets(client, clock);
    }

    @Produces
    @Singleton
    Stores stores(OssDriver oss, KubernetesSecrets secrets) {
        return new Stores(List.of(oss), secrets);
    }

    @Produces
    @Singleton
    HeaderSecrets headerSecrets(KubernetesSecrets secrets) {
        return new HeaderSecrets(secrets);
    }

    @Produces
    @Singleton
    @Startup
    TaskSets taskSets(KubernetesClient client) {
        TaskSets taskSets = new TaskSets(client);
        taskSets.start();
        return taskSets;
    }

    void close(@Disposes TaskSets taskSets) {
        taskSets.close();
    }

    @Produces
    @Singleton
    Pods pods(KubernetesClient client) {
        return new Pods(client);
    }

    @Produces
    @Singleton
    Downloading downloading(Stores stores, UploaderConfig config) {
        return new Downloading(stores, config.transfer().urlValidity());
    }

    @Produces
    @Singleton
    Uploading uploading(Stores stores, AgroalDataSource database, UploaderConfig config) {
        var plan = new Uploading.Plan(
                config.transfer().urlValidity(), config.transfer().partSizeBytes());
        return new Uploading(stores, new PostgresUploadSessions(database), plan);
    }

    @Produces
    @Singleton
    KafkaPublisher publisher(UploaderConfig config) {
        return new KafkaPublisher(config.kafka().bootstrapServers());
    }

    void close(@Disposes KafkaPublisher publisher) {
        publisher.close();
    }

    private static @Nullable Credentials ownCredentials(UploaderConfig.OssConfig own) {
        if (own.accessKeyId().isEmpty() || own.accessKeySecret().isEmpty()) {
            return null;
        }
        return new Credentials(
                own.accessKeyId().get(),
                own.accessKeySecret().get(),
                own.securityToken().orElse(null));
    }
}
