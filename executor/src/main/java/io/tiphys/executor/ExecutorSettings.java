package io.tiphys.executor;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the executor is told by its environment.
 *
 * @param dir {@code TIPHYS_DIR}: shared with the user's containers (default {@code /var/run/tiphys})
 * @param inputs {@code TIPHYS_INPUTS_DIR}: where inputs are staged (default {@code /var/run/tiphys-inputs})
 * @param emissary {@code TIPHYS_EMISSARY}: the program to install (default {@code /tiphys/emissary})
 * @param uploader {@code TIPHYS_UPLOADER}: base URL
 * @param capability {@code TIPHYS_CAPABILITY}
 * @param podUid {@code TIPHYS_POD_UID}
 * @param mode {@code TIPHYS_MODE}: {@code sidecar} (default), or {@code stage} and {@code save} as two classic containers, or {@code resource} and
 *     {@code data} as main of such a pod, or {@code agent}
 *     and {@code agent-init} in the pod of a workflow's agent
 * @param giveUpAfter {@code TIPHYS_RETRY_SECONDS}: how long a failing request is repeated (default 900)
 */
record ExecutorSettings(
        Path dir,
        Path inputs,
        Path emissary,
        URI uploader,
        String capability,
        @Nullable String podUid,
        Mode mode,
        Duration giveUpAfter) {

    enum Mode {
        SIDECAR,
        STAGE,
        SAVE,
        RESOURCE,
        DATA,
        /** The workflow's agent. */
        AGENT,
        /** Before the agent and its plugins start. */
        AGENT_INIT;

        /** Whether the executor itself is main. */
        boolean isWorker() {
            return this == RESOURCE || this == DATA;
        }
    }

    static ExecutorSettings from(Map<String, String> environment) {
        return new ExecutorSettings(
                Path.of(environment.getOrDefault("TIPHYS_DIR", "/var/run/tiphys")),
                Path.of(environment.getOrDefault("TIPHYS_INPUTS_DIR", "/var/run/tiphys-inputs")),
                Path.of(environment.getOrDefault("TIPHYS_EMISSARY", "/tiphys/emissary")),
                URI.create(required(environment, "TIPHYS_UPLOADER")),
                required(environment, "TIPHYS_CAPABILITY"),
                environment.get("TIPHYS_POD_UID"),
                mode(environment),
                Duration.ofSeconds(Long.parseLong(environment.getOrDefault("TIPHYS_RETRY_SECONDS", "900"))));
    }

    static Mode mode(Map<String, String> environment) {
        return mode(environment.getOrDefault("TIPHYS_MODE", "sidecar"));
    }

    private static Mode mode(String text) {
        try {
            return Mode.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TIPHYS_MODE is \"" + text
                            + "\"; it must be sidecar, stage, save, resource, data, agent or agent-init",
                    e);
        }
    }

    private static String required(Map<String, String> environment, String name) {
        var value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(
                    "the environment variable " + name + " is not set; the controller sets it on the executor");
        }
        return value;
    }
}
