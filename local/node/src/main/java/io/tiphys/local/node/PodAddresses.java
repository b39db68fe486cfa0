package io.tiphys.local.node;

import java.util.HashSet;
import java.util.Set;

/**
 * Addresses of pods in 127.64.0.0/10: each pod on this machine's network has one of its own, which everybody on the machine reaches. Used
 * ones come again only after all others. Safe for many threads.
 */
final class PodAddresses {
    private static final int FIRST_OCTETS = (127 << 24) | (64 << 16);
    private static final int COUNT = 1 << 22;

    private final Set<Integer> used = new HashSet<>();
    private int next;

    /** Begins at a place that depends on the seed, so that machines in one machine seldom meet. */
    PodAddresses(int seed) {
        next = Math.floorMod(seed, COUNT / 1024) * 1024;
    }

    synchronized String take() {
        if (used.size() > COUNT / 2) {
            throw new IllegalStateException("too many pods have addresses");
        }
        do {
            next = (next + 1) % COUNT;
        } while (isNetwork(next) || !used.add(next));
        return text(next);
    }

    /** Addresses that end in 0 or 255 look as if they were networks or broadcasts. */
    private static boolean isNetwork(int number) {
        int last = number & 0xff;
        return last == 0 || last == 0xff;
    }

    private static String text(int number) {
        int address = FIRST_OCTETS + number;
        return (address >>> 24) + "." + ((address >>> 16) & 0xff) + "." + ((address >>> 8) & 0xff) + "."
                + (address & 0xff);
    }

    synchronized void giveBack(String address) {
        int number = 0;
        for (String octet : address.split("\\.", -1)) {
            number = (number << 8) | Integer.parseInt(octet);
        }
        used.remove(number - FIRST_OCTETS);
    }
}
