package io.tiphys.submitter.artifacts;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.all.BuiltInStores;
import io.tiphys.artifacts.all.KubernetesSecrets;
import io.tiphys.artifacts.all.StoreSettings;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.eclipse.microprofile.config.Config;

/** Object storage as the submitter sees it: with the Secrets that locations name, or with its own identity. */
final class StoresProducer {
    private StoresProducer() {}

    @Produces
    @Singleton
    static Stores stores(KubernetesClient client, Config config) {
        InstantSource clock = InstantSource.system();
        StoreSettings settings = StoreSettings.read(
                name -> config.getOptionalValue(name, String.class).orElse(null));
        return BuiltInStores.of(settings, new KubernetesSecrets(client, clock), clock);
    }

    static void close(@Disposes Stores stores) {
        stores.close();
    }
}
