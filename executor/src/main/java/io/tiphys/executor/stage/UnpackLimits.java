package io.tiphys.executor.stage;

import java.util.Map;

/**
 * How much an archive may become, so that a small hostile one can't fill a node's disk or the executor's memory.
 *
 * @param entries in one archive
 * @param links symbolic ones and directories with odd modes, which are kept in memory until the end
 * @param depth of directories
 * @param pathBytes of a member's path
 * @param freeBytes of content that an archive of any size may have
 * @param ratio of content to packed size beyond that; stretches of zeros, which become holes, don't count
 */
record UnpackLimits(long entries, int links, int depth, int pathBytes, long freeBytes, long ratio) {
    static final UnpackLimits DEFAULT = new UnpackLimits(5_000_000, 200_000, 256, 4096, 1L << 30, 200);

    /** {@code TIPHYS_UNPACK_RATIO} and {@code TIPHYS_UNPACK_ENTRIES} take the place of the defaults. */
    static UnpackLimits from(Map<String, String> environment) {
        return new UnpackLimits(
                number(environment, "TIPHYS_UNPACK_ENTRIES", DEFAULT.entries),
                DEFAULT.links,
                DEFAULT.depth,
                DEFAULT.pathBytes,
                DEFAULT.freeBytes,
                number(environment, "TIPHYS_UNPACK_RATIO", DEFAULT.ratio));
    }

    private static long number(Map<String, String> environment, String name, long otherwise) {
        var text = environment.get(name);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is \"" + text + "\"; it must be a whole number", e);
        }
    }

    long contentBytes(long packedBytes) {
        return freeBytes + ratio * packedBytes;
    }
}
