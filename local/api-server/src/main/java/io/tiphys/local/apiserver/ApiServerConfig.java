package io.tiphys.local.apiserver;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link ApiServer} is started.
 *
 * @param host the address to listen on; everybody who reaches it is admin, so keep it on loopback
 * @param port 0 for a free one
 * @param stateDirectory where objects are kept across restarts; null for memory only
 * @param historyLength changes kept per resource type for watches; older resource versions get 410 Gone
 * @param maxBodyBytes requests above it are refused with 413; Kubernetes takes 3 MiB
 */
public record ApiServerConfig(
        String host, int port, @Nullable Path stateDirectory, int historyLength, int maxBodyBytes) {

    public static ApiServerConfig inMemory() {
        return new ApiServerConfig("127.0.0.1", 0, null, 20_000, 3 * 1024 * 1024);
    }

    public ApiServerConfig withPort(int newPort) {
        return new ApiServerConfig(host, newPort, stateDirectory, historyLength, maxBodyBytes);
    }

    public ApiServerConfig withStateDirectory(Path directory) {
        return new ApiServerConfig(host, port, directory, historyLength, maxBodyBytes);
    }

    public ApiServerConfig withHistoryLength(int length) {
        return new ApiServerConfig(host, port, stateDirectory, length, maxBodyBytes);
    }

    public ApiServerConfig withMaxBodyBytes(int bytes) {
        return new ApiServerConfig(host, port, stateDirectory, historyLength, bytes);
    }
}
