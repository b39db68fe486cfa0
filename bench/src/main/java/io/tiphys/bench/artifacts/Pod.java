package io.tiphys.bench.artifacts;

import io.tiphys.transfer.Archive;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.PodTask;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A pod's processes without a pod: the real executor and the real emissary, whose container has the whole machine for its root. */
final class Pod implements AutoCloseable {
    private final Place place;
    private final Path dir;
    private final String uid = UUID.randomUUID().toString();
    private final List<Process> processes = new ArrayList<>();
    private final PodTask task;
    private final Capability capability;

    private Pod(Place place, List<PodTask.Input> inputs, PodTask.Outputs outputs, URI at, String key)
            throws IOException {
        this.place = place;
        this.dir = Files.createDirectories(place.folder.resolve("pod-" + uid.substring(0, 8)));
        this.task = new PodTask(
                new PodTask.WorkflowRef("default", "bench", uid),
                "bench-1",
                "bench-main-1",
                List.of("main"),
                List.of(),
                null,
                inputs,
                outputs,
                null,
                null,
                null,
                null);
        var locations = Map.of("data", place.location(at, key));
        this.capability = new Capability(
                uid,
                "default",
                "bench",
                "bench-1",
                "bench-main-1",
                0,
                Instant.now().plusSeconds(7200),
                locations,
                locations);
    }

    /** A pod that saves a file or directory. */
    static Pod saving(Place place, Path path, Archive archive, URI at, String key) throws IOException {
        var artifact = new PodTask.OutputArtifact("data", path.toString(), false, archive, null, null);
        return new Pod(place, List.of(), new PodTask.Outputs(List.of(), List.of(artifact), false, List.of()), at, key);
    }

    /** A pod that stages an object as a file. */
    static Pod staging(Place place, Path path, URI at, String key) throws IOException {
        var input = new PodTask.Input("data", "/data", path.toString(), null, false, false, Archive.NONE, null);
        return new Pod(place, List.of(input), PodTask.Outputs.NONE, at, key);
    }

    Process startExecutor(String mode) throws IOException {
        var builder = new ProcessBuilder(place.programs.resolve("executor").toString());
        var environment = builder.environment();
        environment.put("TIPHYS_JAVA_HOME", System.getProperty("java.home"));
        environment.put("TIPHYS_MODE", mode);
        environment.put("TIPHYS_DIR", dir.resolve("run").toString());
        environment.put("TIPHYS_INPUTS_DIR", dir.resolve("inputs").toString());
        environment.put("TIPHYS_UPLOADER", place.uploader.toString());
        environment.put("TIPHYS_CAPABILITY", place.key.sign(capability));
        environment.putAll(PodTask.toVariables(Place.JSON.writeValueAsString(task)));
        return start(builder, "executor.log");
    }

    /** Starts a main that ends at once; emissary ends when the outputs are safe. */
    Process startMain() throws IOException {
        var builder = new ProcessBuilder(
                place.programs.resolve("emissary").toString(),
                "run",
                "--container",
                "main",
                "--dir",
                dir.resolve("run").toString(),
                "--",
                "true");
        return start(builder, "main.log");
    }

    void awaitStaged() throws InterruptedException, IOException {
        while (!Files.exists(dir.resolve("run/staged"))) {
            if (!processes.getFirst().isAlive()) {
                throw failed("the executor ended");
            }
            Thread.sleep(20);
        }
    }

    private Process start(ProcessBuilder builder, String log) throws IOException {
        var process = builder.redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(dir.resolve(log).toFile()))
                .start();
        processes.add(process);
        return process;
    }

    /** Waits for a process that must end well. */
    void await(Process process) throws InterruptedException, IOException {
        if (process.waitFor() != 0) {
            throw failed("a process of the pod ended with " + process.exitValue());
        }
        var log = Files.readString(dir.resolve("executor.log"));
        if (log.contains(" ERROR ")) {
            throw failed("the executor failed");
        }
    }

    private IllegalStateException failed(String what) throws IOException {
        return new IllegalStateException(what + ":\n" + Files.readString(dir.resolve("executor.log")));
    }

    /** A line of {@code /proc/…/status} in bytes, such as VmRSS or VmHWM. */
    static long memoryBytes(Process process, String line) throws IOException {
        return memoryBytes(process.pid(), line);
    }

    static long memoryBytes(long pid, String line) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                        .filter(text -> text.startsWith(line + ":"))
                        .mapToLong(text -> Long.parseLong(text.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                * 1024;
    }

    @Override
    public void close() throws IOException {
        for (var process : processes) {
            process.destroyForcibly().onExit().join();
        }
        Place.delete(dir);
    }
}
