package io.tiphys.engine.locks;

import java.util.List;
import java.util.Map;

/** What the table says to a {@link LockWish}. */
public sealed interface LockAnswer {
    /** Key of the wish. */
    String key();

    /** All locks are held from now on. */
    record Granted(String key) implements LockAnswer {}

    /**
     * Not yet.
     *
     * @param lock the first that isn't to be had
     * @param message for people
     * @param holders who holds the wanted locks, by lock
     */
    record Delayed(String key, String lock, String message, Map<String, List<String>> holders) implements LockAnswer {}

    /** Never: a limit is missing or makes no sense. */
    record Refused(String key, String message) implements LockAnswer {}
}
