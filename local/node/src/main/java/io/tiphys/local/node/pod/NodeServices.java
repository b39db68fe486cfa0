package io.tiphys.local.node.pod;

import io.tiphys.local.node.container.Spawner;
import io.tiphys.local.node.image.ImageCatalog;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all pods of a node use.
 *
 * @param pods the folder of {@link PodFolder}s
 * @param claims the folder of claimed volumes
 * @param hidden a folder that containers don't see, or null
 * @param hostMounts file systems of the host besides its root
 * @param scratchOnTmpfs whether containers' changes go to memory, because the folder's file system carries no overlay
 * @param crashBackoff first wait before a container is started again
 * @param openLogs the logs that are still written to; safe for many threads
 * @param apiServer where containers reach the API server
 */
public record NodeServices(
        PodApi api,
        Spawner spawner,
        ImageCatalog images,
        String nodeName,
        String address,
        Path pods,
        Path claims,
        @Nullable Path hidden,
        List<Path> hostMounts,
        boolean scratchOnTmpfs,
        Duration crashBackoff,
        Set<Path> openLogs,
        URI apiServer) {}
