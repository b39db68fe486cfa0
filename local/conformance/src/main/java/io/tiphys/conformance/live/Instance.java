package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.conformance.suite.CaseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A local system that cases run on. One that was started for them is stopped with them.
 *
 * @param kubernetes URL of its Kubernetes API
 * @param door URL of its API for clients
 * @param objectStore URL of its object storage
 * @param started where it was started; empty if it ran before
 */
public record Instance(String kubernetes, String door, String objectStore, Optional<Path> started) {

    /** The one that runs in the home, or else one that is started in a folder of its own. */
    public static Instance findOrStart(Path home, Path root) throws InterruptedException {
        Optional<Instance> running = running(home, Optional.empty());
        return running.isPresent() ? running.get() : start(root);
    }

    private static Optional<Instance> running(Path home, Optional<Path> started) {
        Path file = home.resolve("instance.json");
        try {
            JsonNode instance = ApiJson.mapper().readTree(Files.readString(file));
            JsonNode urls = instance.path("urls");
            boolean isUp = instance.path("state").asText("").equals("up")
                    && ProcessHandle.of(instance.path("pid").asLong()).isPresent();
            return isUp
                    ? Optional.of(new Instance(
                            urls.path("kubernetes").asText(""),
                            urls.path("api").asText(""),
                            urls.path("oss").asText(""),
                            started))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new CaseException(file + " can't be read: " + e.getMessage());
        }
    }

    private static Instance start(Path root) throws InterruptedException {
        try {
            Path home = Files.createTempDirectory("tiphys-conformance");
            int code = tiphys(root, home, "up", "--detach", "--port", Integer.toString(freePort()));
            if (code != 0) {
                throw new CaseException("no system runs, and none could be started; its logs are in " + home);
            }
            return running(home, Optional.of(home))
                    .orElseThrow(() -> new CaseException("the system that was started in " + home + " is gone"));
        } catch (IOException e) {
            throw new CaseException("no system runs, and none could be started: " + e);
        }
    }

    /** Stops the system if it was started for the cases. */
    public void stop(Path root) throws InterruptedException {
        if (started.isEmpty()) {
            return;
        }
        try {
            tiphys(root, started.get(), "down");
            try (Stream<Path> files = Files.walk(started.get())) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CaseException("what was left in " + started.get() + " can't be removed: " + e.getMessage());
        }
    }

    private static int tiphys(Path root, Path home, String... arguments) throws IOException, InterruptedException {
        List<String> command = Stream.concat(Stream.of(root.resolve("tiphys").toString()), Stream.of(arguments))
                .toList();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("conformance-system.log").toFile());
        Map<String, String> environment = builder.environment();
        environment.put("TIPHYS_HOME", home.toString());
        environment.put("TIPHYS_SKIP_BUILD", "true"); // it was built before this command came to run
        environment.put("JAVA_HOME", System.getProperty("java.home", ""));
        return builder.start().waitFor();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
