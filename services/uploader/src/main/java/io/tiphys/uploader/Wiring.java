package io.tiphys.uploader;

import io.agroal.api.AgroalDataSource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.Startup;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.all.BuiltInStores;
import io.tiphys.artifacts.all.KubernetesSecrets;
import io.tiphys.artifacts.all.StoreSettings;
import io.tiphys.transfer.CapabilityKey;
import io.tiphys.uploader.agent.HeaderSecrets;
import io.tiphys.uploader.agent.TaskSets;
import io.tiphys.uploader.config.UploaderConfig;
import io.tiphys.uploader.kube.Pods;
import io.tiphys.uploader.messaging.KafkaPublisher;
import io.tiphys.uploader.rest.Authority;
import io.tiphys.uploader.session.Downloading;
import io.tiphys.uploader.session.PostgresUploadSessions;
import io.tiphys.uploader.session.Uploading;
import io.tiphys.uploader.stream.Places;
import io.tiphys.uploader.stream.Spool;
import io.tiphys.uploader.stream.StreamedUrls;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
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
    Authority authority(UploaderConfig config, Clock clock) throws IOException {
        return new Authority(CapabilityKey.read(config.capability().keyFile()), clock);
    }

    @Produces
    @Singleton
    KubernetesSecrets secrets(KubernetesClient client, Clock clock) {
        return new KubernetesSecrets(client, clock);
    }

    @Produces
    @Singleton
    StoreSettings storeSettings(Config config) {
        return StoreSettings.read(
                name -> config.getOptionalValue(name, String.class).orElse(null));
    }

    @Produces
    @Singleton
    Stores stores(StoreSettings settings, KubernetesSecrets secrets, Clock clock) {
        return BuiltInStores.of(settings, secrets, clock);
    }

    void close(@Disposes Stores stores) {
        stores.close();
    }

    @Produces
    @Singleton
    Spool spool(StoreSettings settings, UploaderConfig config, Clock clock) throws IOException {
        return new Spool(settings.scratch().resolve("spool"), config.transfer().spoolMaxBytes(), clock);
    }

    void close(@Disposes Spool spool) {
        spool.close();
    }

    @Produces
    @Singleton
    Places places(Stores stores, Spool spool, StoreSettings settings, StreamedUrls urls) {
        return new Places(stores, spool, settings.scratch().resolve("parts"), urls);
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
    Downloading downloading(Places places, UploaderConfig config) {
        return new Downloading(places, config.transfer().urlValidity());
    }

    @Produces
    @Singleton
    Uploading uploading(Places places, AgroalDataSource database, UploaderConfig config) {
        var plan = new Uploading.Plan(
                config.transfer().urlValidity(), config.transfer().partSizeBytes());
        return new Uploading(places, new PostgresUploadSessions(database), plan);
    }

    @Produces
    @Singleton
    KafkaPublisher publisher(UploaderConfig config) {
        return new KafkaPublisher(config.kafka().bootstrapServers());
    }

    void close(@Disposes KafkaPublisher publisher) {
        publisher.close();
    }
}
