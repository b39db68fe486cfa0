package io.tiphys.controller.kube;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The versions that our own last writes gave to objects, which the watch tells of a little later: the next write of the same
 * object would go wrong by the version that the watch told last, and be done again. Forgets those that were written longest ago.
 * Safe for several threads.
 */
final class OwnVersions {
    private static final int MOST = 8_192;

    private final Map<String, String> byUid = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MOST;
        }
    };

    synchronized void wrote(String uid, String version) {
        byUid.put(uid, version);
    }

    /** The later of this version of the object and that of our last write; this one if it can't be told. */
    synchronized String latest(String uid, String known) {
        String own = byUid.get(uid);
        return own != null && ResourceVersions.isLater(own, known) ? own : known;
    }
}
