package io.tiphys.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The running system to measure: a kubeconfig given on the command line, or the local instance of {@code TIPHYS_HOME}.
 *
 * @param instance the instance's {@code instance.json}; null when only a kubeconfig was given
 */
record LocalInstance(Path kubeconfig, @Nullable JsonNode instance) {

    /**
     * The instance that the arguments or the environment name.
     *
     * @throws IllegalStateException saying what to do if there is no running instance
     */
    static LocalInstance find(String... arguments) throws IOException {
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals("--kubeconfig")) {
                return new LocalInstance(Path.of(arguments[i + 1]), null);
            }
        }
        Path home = home();
        Path file = home.resolve("instance.json");
        if (!Files.exists(file)) {
            throw new IllegalStateException("no running instance in " + home
                    + ": start one with `./tiphys up --detach`, or give --kubeconfig FILE");
        }
        JsonNode instance = new ObjectMapper().readTree(file.toFile());
        return new LocalInstance(Path.of(instance.path("kubeconfig").asText()), instance);
    }

    static Path home() {
        String home = System.getenv("TIPHYS_HOME");
        return home == null || home.isEmpty() ? Path.of(System.getProperty("user.home"), ".tiphys") : Path.of(home);
    }

    KubernetesClient client() throws IOException {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(Files.readString(kubeconfig)))
                .build();
    }
}
