package io.tiphys.messages;

import java.nio.charset.StandardCharsets;

/** Which shard, and so which partition of the co-partitioned topics, a workflow belongs to. */
public final class Shards {
    /** The label on Workflows and pods that carries the shard's number. */
    public static final String LABEL = "tiphys.io/shard";

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private Shards() {}

    /** The shard of the workflow with this uid: FNV-1a (32 bits) of the uid, modulo the number of partitions. */
    public static int of(String uid, int partitions) {
        return Math.floorMod(fnv1a32(uid), partitions);
    }

    /** FNV-1a over the UTF-8 bytes; the int holds the unsigned 32-bit value. */
    public static int fnv1a32(String text) {
        int hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
