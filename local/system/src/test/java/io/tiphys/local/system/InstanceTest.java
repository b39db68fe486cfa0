package io.tiphys.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance from up to down, with all embedded parts and without the services (the end-to-end tests have those). */
class InstanceTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path directory = Path.of("");

    private record Result(int exitCode, String output) {}

    @BeforeAll
    static void nameTheRepository() {
        System.setProperty(
                "tiphys.root", Path.of("../..").toAbsolutePath().normalize().toString());
    }

    @AfterEach
    void stop() {
        tiphys("down");
    }

    private Result tiphys(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(1, List.of("--home", directory.resolve("home").toString()));
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream captured = new ByteArrayOutputStream();
        try (PrintStream stream = new PrintStream(captured, true, StandardCharsets.UTF_8)) {
            System.setOut(stream);
            System.setErr(stream);
            int exitCode = Main.commandLine().execute(all.toArray(String[]::new));
            return new Result(exitCode, captured.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private Result up() throws IOException {
        return tiphys(
                "up",
                "--detach",
                "--port",
                Integer.toString(freePort()),
                "--without",
                String.join(",", Services.NAMES));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Instance instance() throws IOException {
        return Instance.read(directory.resolve("home/instance.json")).orElseThrow();
    }

    private static Part part(Instance instance, String name) {
        return instance.parts().stream()
                .filter(part -> part.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void comesUpSurvivesAKillAndGoesDown() throws IOException, InterruptedException {
        Result up = up();
        assertThat(up.exitCode()).as(up.output()).isZero();
        assertThat(up.output()).contains("Up after").contains("kubeconfig");
        Instance instance = instance();
        assertThat(instance.state()).isEqualTo(Instance.State.UP);
        assertThat(instance.urls()).containsKeys("api", "kubernetes", "oss", "kafka", "postgres");
        assertThat(Files.readString(Path.of(instance.kubeconfig())))
                .contains(instance.urls().get("kubernetes"));
        assertThat(tiphys("status").output()).contains("kubernetes").contains("ready");
        assertThat(tiphys("status", "-o", "json").output()).contains("\"state\" : \"up\"");
        assertThat(up().output()).contains("Already up");

        createMap(instance);
        killAndAwaitRestart(instance);

        Result down = tiphys("down");
        assertThat(down.exitCode()).isZero();
        assertThat(down.output()).contains("Stopped after");
        assertThat(instance.process()).isEmpty();
        assertThat(tiphys("status").exitCode()).isEqualTo(Status.NOT_RUNNING);

        assertThat(up().exitCode()).isZero();
        assertThat(get(instance().urls().get("kubernetes") + "/api/v1/namespaces/default/configmaps/kept"))
                .contains("\"kept\"");
        assertThat(instance().urls().get("kafka")).isEqualTo(instance.urls().get("kafka"));
    }

    private static void createMap(Instance instance) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(instance.urls().get("kubernetes") + "/api/v1/namespaces/default/configmaps"))
                .POST(HttpRequest.BodyPublishers.ofString("{\"metadata\":{\"name\":\"kept\"}}"))
                .header("Content-Type", "application/json")
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            assertThat(http.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private void killAndAwaitRestart(Instance instance) {
        long pid = Objects.requireNonNull(part(instance, "postgres").pid());
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        await().atMost(PATIENCE).until(() -> {
            Part postgres = part(instance(), "postgres");
            Long now = postgres.pid();
            return postgres.isReady() && now != null && now != pid && postgres.restarts() == 1;
        });
    }

    @Test
    void saysWhenThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Result up = tiphys("up", "--detach", "--port", port, "--without", String.join(",", Services.NAMES));
            assertThat(up.exitCode()).isEqualTo(1);
            assertThat(up.output().strip())
                    .isEqualTo("tiphys: port " + port + " is in use on 127.0.0.1: stop what uses it, or choose another"
                            + " with --port N");
        }
    }

    @Test
    void endsWhatAKilledInstanceLeft() throws IOException {
        assertThat(up().exitCode()).isZero();
        Instance instance = instance();
        long postgres = Objects.requireNonNull(part(instance, "postgres").pid());
        instance.process().orElseThrow().destroyForcibly();
        await().atMost(PATIENCE).until(() -> instance.process().isEmpty());
        assertThat(ProcessHandle.of(postgres).filter(ProcessHandle::isAlive)).isPresent();
        assertThat(tiphys("status").exitCode()).isEqualTo(Status.NOT_RUNNING);
        tiphys("down");
        assertThat(ProcessHandle.of(postgres).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void downWithoutAnInstanceIsFine() {
        Result down = tiphys("down");
        assertThat(down.exitCode()).isZero();
        assertThat(down.output()).contains("Nothing is running");
    }
}
