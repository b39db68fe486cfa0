package io.tiphys.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are wrong or mean get a Status object and harm nobody; bodies in protobuf are understood. */
class HostileInputTest {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static ApiServer server;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start(ApiServerConfig.inMemory().withMaxBodyBytes(100_000));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static HttpResponse<String> send(String method, String path, String contentType, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .header("Content-Type", contentType)
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST  | /api/v1/namespaces/default/configmaps                        | {"metadata":             | 400
            POST  | /api/v1/namespaces/default/configmaps                        | [1, 2]                   | 400
            POST  | /api/v1/namespaces/default/configmaps                        | {"metadata": 7}          | 400
            POST  | /api/v1/namespaces/default/configmaps                        | {"kind": "Secret"}       | 400
            POST  | /api/v1/namespaces/default/configmaps                        | {"metadata": {"name": "../../etc"}} | 422
            POST  | /api/v1/namespaces/default/configmaps                        | {"metadata": {"name": "x", "labels": {"a": 1}}} | 400
            POST  | /api/v1/namespaces/default/pods                              | {"metadata": {"name": "x"}} | 422
            GET   | /api/v1/namespaces/default/configmaps?limit=many             | ''                       | 400
            GET   | /api/v1/namespaces/default/configmaps?continue=%21%21        | ''                       | 400
            GET   | /api/v1/namespaces/default/configmaps?labelSelector=a%20in   | ''                       | 400
            GET   | /api/v1/namespaces/default/configmaps?fieldSelector=data.x%3D1 | ''                     | 400
            GET   | /api/v1/namespaces/default/nothings                          | ''                       | 404
            GET   | /apis/nowhere.io/v1/things                                   | ''                       | 404
            PATCH | /api/v1/namespaces/default                                   | {}                       | 415
            PUT   | /api/v1/namespaces                                           | {}                       | 405
            """)
    void refusesWithAStatus(String method, String path, String body, int code)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = send(method, path, "application/json", body.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code);
        assertThat(answer.body()).contains("\"kind\":\"Status\"").contains("\"status\":\"Failure\"");
    }

    @Test
    void refusesWhatIsTooLarge() throws IOException, InterruptedException {
        byte[] large = ("{\"metadata\":{\"name\":\"large\"},\"data\":{\"v\":\"" + "x".repeat(200_000) + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(send("POST", MAPS, "application/json", large).statusCode()).isEqualTo(413);
    }

    @Test
    void refusesWhatIsTooDeep() throws IOException, InterruptedException {
        byte[] deep = ("{\"metadata\":{\"name\":\"deep\"},\"data\":" + "[".repeat(20_000) + "]".repeat(20_000) + "}")
                .getBytes(StandardCharsets.UTF_8);
        assertThat(send("POST", MAPS, "application/json", deep).statusCode()).isEqualTo(400);
    }

    @Test
    void refusesForeignHostNames() throws IOException, InterruptedException {
        String answer;
        int port = URI.create(server.url()).getPort();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream()
                    .write("GET /api/v1/secrets HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(answer).startsWith("HTTP/1.1 403");
    }

    @Test
    void readsProtobuf() throws IOException, InterruptedException {
        byte[] map = message(field(1, field(1, "from-protobuf")), field(2, join(field(1, "key"), field(2, "value"))));
        byte[] envelope = message(field(1, join(field(1, "v1"), field(2, "ConfigMap"))), field(2, map));
        byte[] body = join(new byte[] {'k', '8', 's', 0}, envelope);
        HttpResponse<String> answer = send("POST", MAPS, "application/vnd.kubernetes.protobuf", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertThat(answer.body()).contains("\"data\":{\"key\":\"value\"}").contains("\"name\":\"from-protobuf\"");
        byte[] cut = Arrays.copyOf(body, body.length - 3);
        assertThat(send("POST", MAPS, "application/vnd.kubernetes.protobuf", cut)
                        .statusCode())
                .isEqualTo(400);
    }

    private static byte[] field(int number, String text) {
        return field(number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] field(int number, byte[] content) {
        return join(new byte[] {(byte) (number << 3 | 2), (byte) content.length}, content);
    }

    private static byte[] message(byte[]... fields) {
        return join(fields);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
