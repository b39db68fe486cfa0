package io.tiphys.artifacts.s3;

import io.tiphys.artifacts.LifecycleRule;
import io.tiphys.artifacts.LifecycleRule.Move;
import io.tiphys.artifacts.LifecycleRule.StorageClass;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.TransitionStorageClass;

/** Lifecycle rules between the port's words and the SDK's. */
final class S3Lifecycle {
    private S3Lifecycle() {}

    static List<software.amazon.awssdk.services.s3.model.LifecycleRule> merge(
            List<software.amazon.awssdk.services.s3.model.LifecycleRule> before,
            Collection<LifecycleRule> put,
            Collection<String> removedIds) {
        var gone = new HashSet<>(removedIds);
        put.forEach(rule -> gone.add(rule.id()));
        var after = new ArrayList<>(
                before.stream().filter(rule -> !gone.contains(rule.id())).toList());
        put.forEach(rule -> after.add(write(rule)));
        return after;
    }

    static boolean same(
            List<software.amazon.awssdk.services.s3.model.LifecycleRule> before,
            Collection<LifecycleRule> put,
            Collection<String> removedIds) {
        var known = before.stream().flatMap(rule -> read(rule).stream()).toList();
        return known.containsAll(put) && before.stream().noneMatch(rule -> removedIds.contains(rule.id()));
    }

    /** Empty for a rule with a part that the port has no word for. */
    static Optional<LifecycleRule> read(software.amazon.awssdk.services.s3.model.LifecycleRule rule) {
        var prefix = prefix(rule);
        var expiration = rule.expiration();
        if (prefix == null
                || rule.id() == null
                || rule.hasNoncurrentVersionTransitions()
                || rule.noncurrentVersionExpiration() != null
                || (expiration != null && expiration.days() == null)) {
            return Optional.empty();
        }
        var moves = new ArrayList<Move>();
        for (var transition : rule.transitions()) {
            var to = read(transition.storageClass());
            if (to == null || transition.days() == null) {
                return Optional.empty();
            }
            moves.add(new Move(transition.days(), to));
        }
        var abort = rule.abortIncompleteMultipartUpload();
        if (moves.isEmpty() && expiration == null && abort == null) {
            return Optional.empty();
        }
        return Optional.of(new LifecycleRule(
                rule.id(),
                prefix,
                rule.status() == ExpirationStatus.ENABLED,
                expiration == null ? null : expiration.days(),
                moves,
                abort == null ? null : abort.daysAfterInitiation()));
    }

    @SuppressWarnings("deprecation") // rules that were written long ago have their prefix there
    private static @Nullable String prefix(software.amazon.awssdk.services.s3.model.LifecycleRule rule) {
        var filter = rule.filter();
        if (filter == null) {
            return rule.prefix() == null ? "" : rule.prefix();
        }
        boolean more = filter.tag() != null
                || filter.and() != null
                || filter.objectSizeGreaterThan() != null
                || filter.objectSizeLessThan() != null;
        return more ? null : filter.prefix() == null ? "" : filter.prefix();
    }

    private static software.amazon.awssdk.services.s3.model.LifecycleRule write(LifecycleRule rule) {
        var written = software.amazon.awssdk.services.s3.model.LifecycleRule.builder()
                .id(rule.id())
                .filter(f -> f.prefix(rule.prefix()))
                .status(rule.enabled() ? ExpirationStatus.ENABLED : ExpirationStatus.DISABLED);
        if (rule.expireAfterDays() != null) {
            written.expiration(e -> e.days(rule.expireAfterDays()));
        }
        if (rule.abortUploadsAfterDays() != null) {
            written.abortIncompleteMultipartUpload(a -> a.daysAfterInitiation(rule.abortUploadsAfterDays()));
        }
        if (!rule.moves().isEmpty()) {
            written.transitions(rule.moves().stream()
                    .map(move -> software.amazon.awssdk.services.s3.model.Transition.builder()
                            .days(move.afterDays())
                            .storageClass(
                                    switch (move.to()) {
                                        case INFREQUENT_ACCESS -> TransitionStorageClass.STANDARD_IA;
                                        case ARCHIVE -> TransitionStorageClass.GLACIER;
                                        case COLD_ARCHIVE -> TransitionStorageClass.DEEP_ARCHIVE;
                                    })
                            .build())
                    .toList());
        }
        return written.build();
    }

    private static @Nullable StorageClass read(@Nullable TransitionStorageClass known) {
        if (known == TransitionStorageClass.STANDARD_IA) {
            return StorageClass.INFREQUENT_ACCESS;
        }
        if (known == TransitionStorageClass.GLACIER) {
            return StorageClass.ARCHIVE;
        }
        return known == TransitionStorageClass.DEEP_ARCHIVE ? StorageClass.COLD_ARCHIVE : null;
    }
}
