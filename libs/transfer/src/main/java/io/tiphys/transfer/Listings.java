package io.tiphys.transfer;

import java.util.List;

/** {@code POST /v1/listings}: the keys that begin with the key of a location that the capability lets read. */
public final class Listings {
    private Listings() {}

    /**
     * What to list.
     *
     * @param artifact name of the location in the capability's {@code read}
     */
    public record Request(String artifact) {}

    /** Whole keys in the store's order. */
    public record Answer(List<String> keys) {
        public Answer {
            keys = Copies.of(keys);
        }
    }
}
