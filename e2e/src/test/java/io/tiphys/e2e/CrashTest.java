package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} in the middle of a workflow: it still ends right, and no pod ran twice. */
@ExtendWith(RunningSystem.class)
class CrashTest {
    private final Tiphys tiphys;

    @TempDir
    Path witness;

    CrashTest(Tiphys tiphys) {
        this.tiphys = tiphys;
    }

    @ParameterizedTest
    @ValueSource(strings = {"controller", "uploader", "archive", "submitter"})
    void aServiceIsKilled(String service) throws IOException {
        String name = submitAndWaitForTheFirstStep();
        long pid = part(service).path("pid").asLong();

        kill(pid);
        Files.createFile(witness.resolve("go"));

        Waiting.until(
                service + " runs again",
                () -> part(service),
                part -> part.path("state").asText().equals("ready")
                        && part.path("pid").asLong() != pid);
        assertEndedRight(name);
    }

    @Test
    void theExecutorIsKilled() throws IOException {
        String name = submitAndWaitForTheFirstStep();
        String pod = Waiting.until("the node of the first step", () -> nodeId(name, "before"), id -> !id.isEmpty());

        kill(executorOf(pod));
        Files.createFile(witness.resolve("go"));

        assertEndedRight(name);
    }

    private String submitAndWaitForTheFirstStep() {
        String manifest =
                Tiphys.root().resolve("e2e/src/test/resources/witness.yaml").toString();
        String name = Tiphys.nameOf(tiphys.ok("submit", "-o", "name", "-p", "witness=" + witness, manifest));
        Waiting.until("the first step runs", this::runs, runs -> runs.contains("before"));
        return name;
    }

    private void assertEndedRight(String name) {
        JsonNode workflow = Waiting.until(
                "the end of " + name,
                () -> tiphys.getIfReachable(name),
                w -> List.of("Succeeded", "Failed", "Error").contains(Tiphys.phase(w)));
        assertThat(Tiphys.phase(workflow)).as("%s", workflow.at("/status")).isEqualTo("Succeeded");
        assertThat(runs()).as("each pod ran once").containsExactly("before", "after");
    }

    private List<String> runs() {
        try {
            Path runs = witness.resolve("runs");
            return Files.exists(runs) ? Files.readAllLines(runs) : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** While a part isn't ready, status says so with its exit code as well. */
    private JsonNode part(String name) {
        return StreamSupport.stream(
                        Tiphys.json(tiphys.run("status", "-o", "json"))
                                .path("parts")
                                .spliterator(),
                        false)
                .filter(part -> part.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("status knows no part " + name));
    }

    private String nodeId(String workflow, String displayName) {
        return StreamSupport.stream(tiphys.get(workflow).at("/status/nodes").spliterator(), false)
                .filter(node -> node.path("displayName").asText().equals(displayName))
                .map(node -> node.path("id").asText())
                .findFirst()
                .orElse("");
    }

    /** The executor's process whose pod's name ends with the node's hash. */
    private static long executorOf(String nodeId) throws IOException {
        String hash = nodeId.substring(nodeId.lastIndexOf('-'));
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (contents(process.resolve("cmdline")).contains("io.tiphys.executor")
                        && contents(process.resolve("environ")).contains(hash + "\0")) {
                    return Long.parseLong(process.getFileName().toString());
                }
            }
        }
        throw new AssertionError("no executor process for node " + nodeId);
    }

    private static String contents(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return ""; // the process has ended meanwhile
        }
    }

    private static void kill(long pid) {
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly))
                .as("killed process %d", pid)
                .hasValue(true);
    }
}
