package io.tiphys.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is still there after the server was stopped, or killed. */
class PersistenceTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();

    private ApiServer start() throws IOException {
        return ApiServer.start(ApiServerConfig.inMemory().withStateDirectory(directory.resolve("state")));
    }

    private String send(ApiServer server, String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String map(String name, String value) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"v\":\"" + value + "\"}}";
    }

    @Test
    void keepsObjectsAndVersionsAcrossRestarts() throws IOException, InterruptedException {
        String before;
        try (ApiServer server = start()) {
            send(server, "POST", MAPS, map("kept", "1"));
            before = send(server, "PUT", MAPS + "/kept", map("kept", "2"));
            send(server, "POST", MAPS, map("gone", "1"));
            send(server, "DELETE", MAPS + "/gone", "");
        }
        try (ApiServer server = start()) {
            assertThat(send(server, "GET", MAPS + "/kept", "")).isEqualTo(before);
            assertThat(send(server, "GET", MAPS + "/gone", "")).contains("\"code\":404");
            long last = version(before);
            assertThat(version(send(server, "POST", MAPS, map("next", "1")))).isGreaterThan(last + 2);
        }
    }

    private static long version(String json) {
        return Long.parseLong(json.replaceAll("(?s).*\"resourceVersion\":\"(\\d+)\".*", "$1"));
    }

    @Test
    void dropsATornLastWrite() throws IOException, InterruptedException {
        try (ApiServer server = start()) {
            send(server, "POST", MAPS, map("whole", "1"));
        }
        try (Stream<Path> files = Files.list(directory.resolve("state"))) {
            Path newest = files.filter(file -> file.getFileName().toString().startsWith("journal"))
                    .max(Path::compareTo)
                    .orElseThrow();
            Files.writeString(newest, "+\t99\tconfigmaps\tdefault/torn\t{\"meta", StandardOpenOption.APPEND);
        }
        try (ApiServer server = start()) {
            assertThat(send(server, "GET", MAPS + "/whole", "")).contains("\"name\":\"whole\"");
            assertThat(send(server, "GET", MAPS + "/torn", "")).contains("\"code\":404");
        }
    }

    @Test
    void snapshotsHoldWhatLogsHeld() throws IOException, InterruptedException {
        String large = "x".repeat(900_000);
        try (ApiServer server = start()) {
            for (int i = 0; i < 45; i++) {
                send(server, i == 0 ? "POST" : "PUT", i == 0 ? MAPS : MAPS + "/large", map("large", i + large));
            }
        }
        try (Stream<Path> files = Files.list(directory.resolve("state"))) {
            assertThat(files.map(file -> file.getFileName().toString())).anyMatch(name -> name.startsWith("snapshot"));
        }
        try (ApiServer server = start()) {
            assertThat(send(server, "GET", MAPS + "/large", "")).contains("\"v\":\"44x");
            assertThat(send(server, "GET", "/api/v1/namespaces/argo", "")).contains("Active");
        }
    }

    @Test
    void refusesADirectoryInUse() throws IOException {
        try (ApiServer _ = start()) {
            assertThatThrownBy(this::start).isInstanceOf(IOException.class).hasMessageContaining("another API server");
        }
    }
}
