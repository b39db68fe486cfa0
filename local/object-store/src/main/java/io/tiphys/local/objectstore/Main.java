package io.tiphys.local.objectstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The endpoint as a process of its own, for containers: settings come from the environment, it runs until it is stopped.
 * {@code TIPHYS_OSS_ACCESS_KEY_ID} and {@code TIPHYS_OSS_ACCESS_KEY_SECRET} are required; {@code TIPHYS_OSS_DIR} (default
 * {@code /data}), {@code TIPHYS_OSS_HOST} ({@code 0.0.0.0}), {@code TIPHYS_OSS_PORT} ({@code 9000}).
 */
public final class Main {
    private Main() {}

    static void main() throws IOException, InterruptedException {
        Map<String, String> environment = System.getenv();
        String id = environment.getOrDefault("TIPHYS_OSS_ACCESS_KEY_ID", "");
        String secret = environment.getOrDefault("TIPHYS_OSS_ACCESS_KEY_SECRET", "");
        if (id.isBlank() || secret.isBlank()) {
            System.err.println("object-store: set TIPHYS_OSS_ACCESS_KEY_ID and TIPHYS_OSS_ACCESS_KEY_SECRET");
            System.exit(2);
        }
        Path dir = Path.of(environment.getOrDefault("TIPHYS_OSS_DIR", "/data"));
        ObjectStoreConfig config = ObjectStoreConfig.in(dir, id, secret)
                .withAddress(
                        environment.getOrDefault("TIPHYS_OSS_HOST", "0.0.0.0"),
                        Integer.parseInt(environment.getOrDefault("TIPHYS_OSS_PORT", "9000")));
        try (ObjectStore store = ObjectStore.start(config)) {
            System.out.println("object-store: " + dir + " on " + store.endpoint());
            Thread.currentThread().join();
        }
    }
}
