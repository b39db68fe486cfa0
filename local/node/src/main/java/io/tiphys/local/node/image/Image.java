package io.tiphys.local.node.image;

import io.tiphys.local.node.container.Mount;
import java.util.List;
import java.util.Map;

/**
 * What stands behind an image's name here.
 *
 * @param name as the pod spells it
 * @param entrypoint the image's own, empty if it has none or is unknown
 * @param cmd the image's default arguments
 * @param environment what the image sets
 * @param files what the image adds to the host's files
 * @param provenance whether we know what the image would contain
 */
public record Image(
        String name,
        List<String> entrypoint,
        List<String> cmd,
        Map<String, String> environment,
        List<Mount> files,
        Provenance provenance) {
    /** Where the files come from. */
    public enum Provenance {
        /** Files made for this image on top of the host's. */
        STAND_IN,
        /** A general-purpose image, for which the host's own tools do. */
        HOST_TOOLS,
        /** An image that nobody here knows: the host's files, for want of anything better. */
        UNKNOWN
    }

    /** The command line for a container: Docker's rules for entrypoint, cmd and what the pod overrides. */
    public List<String> commandLine(List<String> command, List<String> args) {
        if (!command.isEmpty()) {
            return concat(command, args);
        }
        return concat(entrypoint, args.isEmpty() ? cmd : args);
    }

    private static List<String> concat(List<String> first, List<String> second) {
        var all = new java.util.ArrayList<String>(first);
        all.addAll(second);
        return List.copyOf(all);
    }
}
