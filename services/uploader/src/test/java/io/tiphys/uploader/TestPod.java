package io.tiphys.uploader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.PodTask;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** A pod's processes without a pod: the real executor and the real emissary on a folder of their own. */
final class TestPod implements AutoCloseable {
    private static final Path PROGRAMS =
            Path.of("../../executor/target/dist/tiphys").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();

    final Path dir;
    final Path work;
    final String uid = UUID.randomUUID().toString();
    private final URI uploader;
    private final List<Process> processes = new ArrayList<>();
    private final Map<String, Map<String, Object>> read = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> write = new LinkedHashMap<>();
    private final List<PodTask.Input> inputs = new ArrayList<>();
    private final List<PodTask.OutputParameter> parameters = new ArrayList<>();
    private final List<PodTask.OutputArtifact> artifacts = new ArrayList<>();
    private final List<PodTask.ArchivedLog> logs = new ArrayList<>();
    private boolean result;
    private String name = "wf-main-1";
    private Instant capabilityExpires = Instant.now().plusSeconds(3600);

    TestPod(URI uploader) throws IOException {
        this.dir = Files.createTempDirectory("tiphys-pod-");
        this.work = Files.createDirectories(dir.resolve("work"));
        this.uploader = uploader;
    }

    static Map<String, Object> oss(String key) {
        return Map.of(
                "oss",
                Map.of(
                        "endpoint",
                        Surroundings.store().endpoint().toString(),
                        "bucket",
                        Surroundings.BUCKET,
                        "key",
                        key));
    }

    TestPod input(PodTask.Input input, String key) {
        inputs.add(input);
        read.put(input.name(), oss(key));
        return this;
    }

    /** An input from another place than the test's own bucket. */
    TestPod inputAt(PodTask.Input input, Map<String, Object> location) {
        inputs.add(input);
        read.put(input.name(), location);
        return this;
    }

    TestPod artifact(PodTask.OutputArtifact artifact, String key) {
        artifacts.add(artifact);
        write.put(artifact.name(), oss(key));
        return this;
    }

    /** An output that goes to another place than the test's own bucket. */
    TestPod artifactAt(PodTask.OutputArtifact artifact, Map<String, Object> location) {
        artifacts.add(artifact);
        write.put(artifact.name(), location);
        return this;
    }

    TestPod named(String podName) {
        name = podName;
        return this;
    }

    TestPod capabilityUntil(Instant expires) {
        capabilityExpires = expires;
        return this;
    }

    TestPod parameter(PodTask.OutputParameter parameter) {
        parameters.add(parameter);
        return this;
    }

    TestPod log(String name, String key) {
        logs.add(new PodTask.ArchivedLog(name, "main"));
        write.put(name, oss(key));
        return this;
    }

    TestPod result() {
        result = true;
        return this;
    }

    /** Where an input is put and, as there is no mount, also found. */
    String staged(String name) {
        return dir.resolve("inputs").resolve(name).toString();
    }

    Process startExecutor() throws IOException {
        return startExecutor("sidecar");
    }

    Process startExecutor(String mode) throws IOException {
        var task = new PodTask(
                new PodTask.WorkflowRef("default", "wf", uid),
                "wf-1",
                name,
                List.of("main"),
                List.of(),
                null,
                inputs,
                new PodTask.Outputs(parameters, artifacts, result, logs),
                null,
                null,
                null,
                null);
        var capability = new Capability(uid, "default", "wf", "wf-1", name, 0, capabilityExpires, read, write);
        var builder = new ProcessBuilder(PROGRAMS.resolve("executor").toString());
        builder.environment().put("TIPHYS_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("TIPHYS_MODE", mode);
        builder.environment().put("TIPHYS_DIR", dir.resolve("run").toString());
        builder.environment().put("TIPHYS_INPUTS_DIR", dir.resolve("inputs").toString());
        builder.environment().put("TIPHYS_UPLOADER", uploader.toString());
        builder.environment().put("TIPHYS_CAPABILITY", Surroundings.key().sign(capability));
        builder.environment().put("TIPHYS_RETRY_SECONDS", "20");
        builder.environment().put("TIPHYS_POD_UID", "pod-uid-" + uid);
        builder.environment().putAll(PodTask.toVariables(JSON.writeValueAsString(task)));
        return start(builder, "executor.log");
    }

    Process startMain(String script) throws IOException {
        var builder = new ProcessBuilder(
                PROGRAMS.resolve("emissary").toString(),
                "run",
                "--container",
                "main",
                "--dir",
                dir.resolve("run").toString(),
                "--",
                "sh",
                "-c",
                script);
        builder.directory(work.toFile());
        return start(builder, "main.log");
    }

    private Process start(ProcessBuilder builder, String log) throws IOException {
        var process = builder.redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(dir.resolve(log).toFile()))
                .start();
        processes.add(process);
        return process;
    }

    int exitCode(Process process) throws Exception {
        assertThat(process.waitFor(180, TimeUnit.SECONDS))
                .as("process ends; executor says:%n%s", logOf("executor.log"))
                .isTrue();
        return process.exitValue();
    }

    static long peakMemoryMebibytes(Process process) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow()
                / 1024;
    }

    String logOf(String name) throws IOException {
        var file = dir.resolve(name);
        return Files.exists(file) ? Files.readString(file, UTF_8) : "";
    }

    @Override
    public void close() {
        for (var process : processes) {
            process.destroyForcibly().onExit().join();
        }
        Surroundings.deleteTree(dir);
    }
}
