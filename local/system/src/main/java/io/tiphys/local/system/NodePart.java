package io.tiphys.local.system;

import io.tiphys.local.node.Node;
import io.tiphys.local.node.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The nodes of an instance: they run pods as processes of this machine. It is the first embedded part to stop. */
final class NodePart implements AutoCloseable {
    private final Node node;

    private NodePart(Node node) {
        this.node = node;
    }

    static NodePart start(Home home, Path root, String apiServer, int nodes) throws IOException {
        Path executor = root.resolve("executor/target/dist");
        if (Files.notExists(executor.resolve("tiphys/emissary"))) {
            throw new UserFacingException("the executor is not built (looked in " + executor
                    + "); build with ./tiphys, which does it by itself");
        }
        return new NodePart(Node.start(NodeConfig.in(home.node(), apiServer)
                .withNodes(nodes)
                .withExecutorLayer(executor)
                .withHidden(home.directory())));
    }

    @Override
    public void close() throws IOException {
        node.close();
    }
}
