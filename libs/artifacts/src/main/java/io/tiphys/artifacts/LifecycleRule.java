package io.tiphys.artifacts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bucket does by itself with the objects below a prefix. Days count from an object's last change.
 *
 * @param id unique in the bucket, 1 to 255 characters
 * @param prefix of keys; empty for all
 * @param expireAfterDays they are deleted then
 * @param moves they change their storage class then
 * @param abortUploadsAfterDays unfinished multipart uploads are aborted then
 */
public record LifecycleRule(
        String id,
        String prefix,
        boolean enabled,
        @Nullable Integer expireAfterDays,
        List<Move> moves,
        @Nullable Integer abortUploadsAfterDays) {

    /** Classes of storage by what they cost; each store has names of its own for them. */
    public enum StorageClass {
        INFREQUENT_ACCESS,
        ARCHIVE,
        COLD_ARCHIVE
    }

    /** From so many days on, objects are of that class. */
    public record Move(int afterDays, StorageClass to) {}

    public LifecycleRule {
        moves = List.copyOf(moves);
        if (id.isEmpty() || id.length() > 255) {
            throw new IllegalArgumentException("id: a rule's id has 1 to 255 characters, not " + id.length());
        }
        if (expireAfterDays == null && abortUploadsAfterDays == null && moves.isEmpty()) {
            throw new IllegalArgumentException(
                    "rule \"" + id + "\" does nothing; give it expireAfterDays, abortUploadsAfterDays or moves");
        }
        checkDays(id, expireAfterDays);
        checkDays(id, abortUploadsAfterDays);
        for (var move : moves) {
            checkDays(id, move.afterDays());
        }
    }

    private static void checkDays(String id, @Nullable Integer days) {
        if (days != null && days < 1) {
            throw new IllegalArgumentException("rule \"" + id + "\": " + days + " days; at least 1 is needed");
        }
    }
}
