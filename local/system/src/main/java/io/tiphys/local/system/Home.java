package io.tiphys.local.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The directory of one local instance, and where what is in it. */
record Home(Path directory) {
    static final String DEFAULT_NAME = ".tiphys";

    Home {
        directory = directory.toAbsolutePath().normalize();
    }

    /** The given directory, or else {@code TIPHYS_HOME}, or else {@code ~/.tiphys}. */
    static Home of(@Nullable Path given) {
        if (given != null) {
            return new Home(given);
        }
        String variable = System.getenv("TIPHYS_HOME");
        return new Home(
                variable == null || variable.isBlank()
                        ? Path.of(System.getProperty("user.home", "."), DEFAULT_NAME)
                        : Path.of(variable));
    }

    Path lock() {
        return directory.resolve("lock");
    }

    Path instanceFile() {
        return directory.resolve("instance.json");
    }

    Path kubeconfig() {
        return directory.resolve("kubeconfig");
    }

    Path capabilityKey() {
        return directory.resolve("capability.key");
    }

    /** Passwords and ports of earlier runs, kept so that URLs and credentials stay the same. */
    Path settings() {
        return directory.resolve("settings.json");
    }

    Path logs() {
        return directory.resolve("logs");
    }

    Path log(String process) {
        return logs().resolve(process + ".log");
    }

    Path state() {
        return directory.resolve("state");
    }

    Path store() {
        return directory.resolve("store");
    }

    Path kafka() {
        return directory.resolve("kafka");
    }

    Path postgres() {
        return directory.resolve("postgres");
    }

    /** Argo's controller ConfigMap as the services find it mounted: a file for each entry. */
    Path argoConfig() {
        return directory.resolve("argo-config");
    }

    Path node() {
        return directory.resolve("node");
    }

    void create() throws IOException {
        Files.createDirectories(logs());
    }
}
