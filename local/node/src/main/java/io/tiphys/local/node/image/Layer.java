package io.tiphys.local.node.image;

import io.tiphys.local.node.container.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder whose content an image adds to the host's root. Not an overlay layer, because the kernel refuses one that lies inside another
 * (and everything lies inside the root): what the host doesn't have is mounted, as whole folders where possible.
 */
final class Layer {
    private static final Path ROOT = Path.of("/");

    private Layer() {}

    static List<Mount> mounts(Path layer) throws IOException {
        List<Mount> mounts = new ArrayList<>();
        collect(layer.toRealPath(), ROOT, mounts);
        return List.copyOf(mounts);
    }

    private static void collect(Path folder, Path target, List<Mount> mounts) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path entry : entries.sorted().toList()) {
                Path place = target.resolve(entry.getFileName().toString());
                if (!Files.isDirectory(entry)) {
                    mounts.add(Mount.file(entry, place.toString()).asReadOnly());
                } else if (Files.isDirectory(place)) {
                    collect(entry, place, mounts);
                } else {
                    mounts.add(Mount.folder(entry, place.toString()).asReadOnly());
                }
            }
        }
    }
}
