package io.tiphys.local.system;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code instance.json} says: one running (or starting, or failed) local instance. See
 * {@code docs/reference/contracts.md}.
 *
 * @param pid the process that holds the embedded parts and watches the others
 * @param startedAt when that process was started, by its own clock (ISO 8601)
 * @param message why it failed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Instance(
        String home,
        long pid,
        String startedAt,
        State state,
        String namespace,
        String kubeconfig,
        Map<String, String> urls,
        Map<String, String> oss,
        List<Part> parts,
        @Nullable String message) {
    enum State {
        @JsonProperty("starting")
        STARTING,
        @JsonProperty("up")
        UP,
        @JsonProperty("stopping")
        STOPPING,
        @JsonProperty("failed")
        FAILED
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    Instance {
        urls = Map.copyOf(urls);
        oss = Map.copyOf(oss);
        parts = List.copyOf(parts);
    }

    String toJson() {
        return JSON.valueToTree(this).toPrettyString();
    }

    /** Replaces the file in one step, so that readers never see half of it. */
    void write(Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(unfinished, toJson() + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static Optional<Instance> read(Path file) throws IOException {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), Instance.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /** The live process of the instance; absent when it ended, or when its id belongs to somebody else by now. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::startedWithInstance);
    }

    private boolean startedWithInstance(ProcessHandle handle) {
        Instant noted = Instant.parse(startedAt);
        return handle.info()
                .startInstant()
                .map(started -> Math.abs(started.toEpochMilli() - noted.toEpochMilli()) < 5_000)
                .orElse(true);
    }
}
