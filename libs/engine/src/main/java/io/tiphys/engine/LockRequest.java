package io.tiphys.engine;

/**
 * One lock that somebody wants.
 *
 * @param name as status shows it: {@code <ns>/Mutex/<name>}, {@code <ns>/ConfigMap/<map>/<key>}, {@code <ns>/Database/<key>}
 */
public record LockRequest(String name, Kind kind) {
    /** How many may hold it at once, and where that is written. */
    public enum Kind {
        /** One. */
        MUTEX,
        /** As many as a ConfigMap says. */
        SEMAPHORE,
        /** As many as an operator allows to run: whole workflows only, never part of a status. */
        PARALLELISM
    }
}
