package io.tiphys.local.system;

import java.io.IOException;
import java.nio.file.Path;

/** The node of an instance: runs pods as processes. */
final class NodePart implements AutoCloseable {
    private NodePart() {}

    static NodePart start(Home home, Path root, String apiServer) throws IOException {
        return new NodePart();
    }

    @Override
    public void close() {}
}
