package io.tiphys.controller.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.PackedJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that a workflow begins with, as the archive has them. */
class HttpArchiveTest {
    private static final Map<String, Object> NODES =
            Map.of("w-1", Map.of("id", "w-1", "name", "w.a", "phase", "Succeeded", "type", "Pod"));

    private final HttpServer server;
    private final HttpArchive archive;

    HttpArchiveTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        archive = new HttpArchive(
                Optional.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void has(String path, byte[] content) {
        server.createContext(path, exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content);
            }
        });
    }

    private void hasBlob(String hash, byte[] content) {
        has("/v1/namespaces/argo/blobs/" + hash, content);
    }

    private static void isTheNode(Optional<Map<String, NodeStatus>> found) {
        assertThat(found.orElseThrow()).containsOnlyKeys("w-1");
        assertThat(found.get().get("w-1")).isNotNull().satisfies(node -> {
            assertThat(node.name()).isEqualTo("w.a");
            assertThat(node.phase()).isEqualTo(NodePhase.SUCCEEDED);
        });
    }

    @Test
    void storedNodesAreReadByTheirHash() throws Exception {
        PackedJson packed = PackedJson.of(NODES);
        hasBlob(packed.hash(), packed.bytes());

        isTheNode(archive.nodes("argo", packed.hash()));
        assertThat(archive.nodes("argo", "0".repeat(64))).isEmpty();
    }

    @Test
    void whatIsNoNodesOrHasAnotherHashStaysWrong() {
        PackedJson list = PackedJson.of(List.of("w-1"));
        PackedJson nodes = PackedJson.of(NODES);
        hasBlob(list.hash(), list.bytes());
        hasBlob(nodes.hash(), list.bytes());

        assertThatThrownBy(() -> archive.nodes("argo", list.hash()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(list.hash() + " are no nodes");
        assertThatThrownBy(() -> archive.nodes("argo", nodes.hash()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has the hash");
    }

    @Test
    void nodesOfAWorkflowThatRanAreReadAsTheArchiveWritesThem() throws Exception {
        has(
                "/v1/workflows/u1/nodes",
                "{\"nodes\":{\"w-1\":{\"id\":\"w-1\",\"name\":\"w.a\",\"phase\":\"Succeeded\"}}}".getBytes(UTF_8));
        has("/v1/workflows/u2/nodes", "{\"nodes\":{}}".getBytes(UTF_8));
        has("/v1/workflows/u3/nodes", "{\"nodes\":[1]}".getBytes(UTF_8));

        isTheNode(archive.nodes("u1"));
        assertThat(archive.nodes("u2")).isEmpty();
        assertThatThrownBy(() -> archive.nodes("u3")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAnswerThatBreaksOffMayComeWholeNextTime() {
        has("/v1/workflows/u1/nodes", "{\"nodes\":{\"w-1\":{\"id\":".getBytes(UTF_8));

        assertThatThrownBy(() -> archive.nodes("u1")).isInstanceOf(IOException.class);
    }
}
