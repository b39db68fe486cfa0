package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command {@code ./tiphys} on one instance, called as a user calls it. */
final class Tiphys {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(6);

    private final Path home;

    Tiphys(Path home) {
        this.home = home;
    }

    static Path root() {
        return Path.of(System.getProperty("tiphys.root")).toAbsolutePath().normalize();
    }

    Path home() {
        return home;
    }

    /** Runs {@code ./tiphys args…} to its end; fails the test when that takes more than six minutes. */
    CommandResult run(String... args) {
        List<String> command = new ArrayList<>(List.of(root().resolve("tiphys").toString()));
        command.addAll(List.of(args));
        return execute(command, home);
    }

    /** As {@link #run}, and the command must exit with 0. */
    CommandResult ok(String... args) {
        CommandResult result = run(args);
        assertThat(result.exit()).as("%s", result).isZero();
        return result;
    }

    /** Submits, waits for the end whatever it is, and returns the workflow as JSON. */
    JsonNode submitAndWait(String... args) {
        List<String> all = new ArrayList<>(List.of("submit", "--wait", "-o", "name"));
        all.addAll(List.of(args));
        CommandResult waited = run(all.toArray(String[]::new));
        assertThat(waited.exit()).as("%s", waited).isLessThan(2);
        assertThat(waited.out().lines()).as("%s", waited).hasSize(1);
        return get(nameOf(waited));
    }

    /** The name that {@code submit -o name} printed. */
    static String nameOf(CommandResult submitted) {
        String line = submitted.lastLine();
        return line.substring(line.lastIndexOf('/') + 1);
    }

    JsonNode get(String name) {
        return json(ok("get", name, "-o", "json"));
    }

    /** As {@link #get}, or an empty object while the door is closed. */
    JsonNode getIfReachable(String name) {
        CommandResult result = run("get", name, "-o", "json");
        return result.exit() == 0 ? json(result) : JSON.createObjectNode();
    }

    static String phase(JsonNode workflow) {
        return workflow.at("/status/phase").asText();
    }

    static JsonNode json(CommandResult result) {
        try {
            return JSON.readTree(result.out());
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + result, e);
        }
    }

    static CommandResult execute(List<String> command, Path home) {
        try {
            Path out = Files.createTempFile("tiphys", ".out");
            Path err = Files.createTempFile("tiphys", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(root().toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().put("TIPHYS_HOME", home.toString());
                // The jars under test are those that this Maven run has made; nothing is to be built again from here.
                builder.environment().put("TIPHYS_SKIP_BUILD", "true");
                builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
                Process process = builder.start();
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError("no end within " + LIMIT + ": " + command + "\n" + read(out) + read(err));
                }
                return new CommandResult(String.join(" ", command), process.exitValue(), read(out), read(err));
            } finally {
                Files.deleteIfExists(out);
                Files.deleteIfExists(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("running " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while running " + command, e);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
