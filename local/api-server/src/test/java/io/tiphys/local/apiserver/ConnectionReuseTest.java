package io.tiphys.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** A connection that an answer came on carries the next request, too: clients keep connections and count on it. */
class ConnectionReuseTest {
    @Test
    void manyRequestsTravelOnOneConnection() throws Exception {
        try (ApiServer server = ApiServer.start(ApiServerConfig.inMemory())) {
            URI url = URI.create(server.url());
            try (Socket socket = new Socket(url.getHost(), url.getPort());
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
                for (int i = 0; i < 50; i++) {
                    String path = i % 2 == 0 ? "/version" : "/api/v1/namespaces/default/pods/nobody";
                    assertThat(request(socket.getOutputStream(), in, url, path))
                            .isEqualTo(i % 2 == 0 ? "HTTP/1.1 200 OK" : "HTTP/1.1 404 Not Found");
                }
            }
        }
    }

    /** Sends a GET and reads the whole answer; returns its first line, or null where the connection has been closed. */
    private static String request(OutputStream out, BufferedReader in, URI url, String path) throws IOException {
        out.write("GET %s HTTP/1.1\r\nHost: %s:%d\r\n\r\n"
                .formatted(path, url.getHost(), url.getPort())
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        String status = in.readLine();
        int length = 0;
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        for (int read = 0; read < length; read++) {
            in.read();
        }
        return String.valueOf(status);
    }
}
