package io.tiphys.executor.save;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tiphys.executor.Pace;
import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.Uploads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against an uploader and a store that are played here. */
class MultipartUploadTest {
    private final HttpServer server;
    private final List<Uploads.Parts> asked = new ArrayList<>();
    private final List<String> put = new ArrayList<>();
    private int failures;

    MultipartUploadTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/uploads/s/parts", this::parts);
        server.createContext("/object", this::object);
    }

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void parts(HttpExchange exchange) throws IOException {
        var parts = UploaderClient.JSON.readValue(exchange.getRequestBody(), Uploads.Parts.class);
        asked.add(parts);
        var urls = parts.wanted().stream()
                .map(part -> new Uploads.PartUrl(
                        part.number(),
                        new Uploads.Put(base() + "/object?" + part.number() + "-" + part.md5(), Map.of())))
                .toList();
        var answer = UploaderClient.JSON.writeValueAsBytes(new Uploads.PartUrls(urls));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private void object(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        put.add(exchange.getRequestURI().getQuery());
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        exchange.sendResponseHeaders(failures-- > 0 ? 503 : 200, -1);
        exchange.close();
    }

    private MultipartUpload upload(Uploads.Part... stored) {
        var retry = new Retry(Duration.ofMinutes(1), Instant.MAX);
        var session = new Uploads.Session("s", null, 1, List.of(stored), null);
        return new MultipartUpload(
                new UploaderClient(HttpClient.newHttpClient(), base(), "none", retry),
                new ObjectClient(),
                retry,
                new Pace(4),
                session,
                "data");
    }

    private static Sums sums(int number, int attempt) {
        return new Sums(1, "m" + number + "." + attempt, 0);
    }

    private static void send(MultipartUpload upload, int number) throws IOException {
        upload.send(
                number,
                attempt -> sums(number, attempt),
                () -> new ByteArrayInputStream(new byte[1]),
                () -> IntStream.rangeClosed(1, 4)
                        .mapToObj(n -> new Uploads.WantedPart(n, 1, "m" + n + ".1"))
                        .toList());
    }

    private List<List<Integer>> wanted() {
        return asked.stream()
                .map(parts ->
                        parts.wanted().stream().map(Uploads.WantedPart::number).toList())
                .toList();
    }

    @Test
    void neighboursUrlsComeWithThePartsOwn() throws IOException {
        var upload = upload();
        for (int n : new int[] {2, 1, 3, 4}) {
            send(upload, n);
        }
        assertThat(wanted()).containsExactly(List.of(2, 1, 3, 4));
        assertThat(put).containsExactly("2-m2.1", "1-m1.1", "3-m3.1", "4-m4.1");
    }

    @Test
    void whatTheStoreHasIsNotAskedFor() throws IOException {
        var upload = upload(new Uploads.Part(3, 1, "m3.1", "e", "0"));
        send(upload, 1);
        assertThat(wanted()).containsExactly(List.of(1, 2, 4));
    }

    @Test
    void anotherAttemptHasAUrlOfItsOwn() throws IOException {
        failures = 1;
        var upload = upload();
        send(upload, 1);
        send(upload, 2);
        assertThat(wanted()).containsExactly(List.of(1, 2, 3, 4), List.of(1));
        assertThat(put).containsExactly("1-m1.1", "1-m1.2", "2-m2.1");
    }
}
