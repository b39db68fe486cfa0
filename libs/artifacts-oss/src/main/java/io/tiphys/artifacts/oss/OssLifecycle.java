package io.tiphys.artifacts.oss;

import com.aliyun.oss.model.LifecycleRule.AbortMultipartUpload;
import com.aliyun.oss.model.LifecycleRule.RuleStatus;
import com.aliyun.oss.model.LifecycleRule.StorageTransition;
import com.aliyun.oss.model.StorageClass;
import io.tiphys.api.OSSLifecycleRule;
import io.tiphys.artifacts.LifecycleRule;
import io.tiphys.artifacts.LifecycleRule.Move;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lifecycle rules between the port's words and the SDK's. */
final class OssLifecycle {
    private OssLifecycle() {}

    /** The rule that Argo's {@code lifecycleRule} asks for: for the keys that begin as the artifact's; null when it asks for nothing. */
    static @Nullable LifecycleRule ofLocation(String key, OSSLifecycleRule wanted) {
        int move = wanted.markInfrequentAccessAfterDays();
        int expire = wanted.markDeletionAfterDays();
        if (move <= 0 && expire <= 0) {
            return null;
        }
        return new LifecycleRule(
                "tiphys-" + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)),
                key,
                true,
                expire > 0 ? expire : null,
                move > 0 ? List.of(new Move(move, LifecycleRule.StorageClass.INFREQUENT_ACCESS)) : List.of(),
                null);
    }

    static List<com.aliyun.oss.model.LifecycleRule> merge(
            List<com.aliyun.oss.model.LifecycleRule> before,
            Collection<LifecycleRule> put,
            Collection<String> removedIds) {
        var gone = new HashSet<>(removedIds);
        put.forEach(rule -> gone.add(rule.id()));
        var after = new ArrayList<>(
                before.stream().filter(rule -> !gone.contains(rule.getId())).toList());
        put.forEach(rule -> after.add(write(rule)));
        return after;
    }

    /** Whether the change would leave everything as it is. */
    static boolean same(
            List<com.aliyun.oss.model.LifecycleRule> before,
            Collection<LifecycleRule> put,
            Collection<String> removedIds) {
        var known = before.stream().flatMap(rule -> read(rule).stream()).toList();
        var ids = before.stream().map(com.aliyun.oss.model.LifecycleRule::getId).toList();
        return known.containsAll(put) && removedIds.stream().noneMatch(ids::contains);
    }

    /** Empty for a rule with a part that the port has no word for. */
    static Optional<LifecycleRule> read(com.aliyun.oss.model.LifecycleRule rule) {
        if (rule.hasCreatedBeforeDate()
                || rule.hasExpirationTime()
                || rule.hasTags()
                || rule.getFilter() != null
                || rule.hasNoncurrentVersionExpiration()
                || rule.hasNoncurrentVersionStorageTransitions()
                || rule.hasExpiredDeleteMarker()) {
            return Optional.empty();
        }
        var moves = new ArrayList<Move>();
        if (rule.hasStorageTransition()) {
            for (var transition : rule.getStorageTransition()) {
                var to = read(transition.getStorageClass());
                if (to == null || !transition.hasExpirationDays()) {
                    return Optional.empty();
                }
                moves.add(new Move(transition.getExpirationDays(), to));
            }
        }
        Integer abort =
                rule.hasAbortMultipartUpload() ? rule.getAbortMultipartUpload().getExpirationDays() : null;
        Integer expire = rule.hasExpirationDays() ? rule.getExpirationDays() : null;
        if (moves.isEmpty() && abort == null && expire == null) {
            return Optional.empty();
        }
        return Optional.of(new LifecycleRule(
                rule.getId(),
                rule.getPrefix() == null ? "" : rule.getPrefix(),
                rule.getStatus() == RuleStatus.Enabled,
                expire,
                moves,
                abort));
    }

    static com.aliyun.oss.model.LifecycleRule write(LifecycleRule rule) {
        var written = new com.aliyun.oss.model.LifecycleRule();
        written.setId(rule.id());
        written.setPrefix(rule.prefix());
        written.setStatus(rule.enabled() ? RuleStatus.Enabled : RuleStatus.Disabled);
        if (rule.expireAfterDays() != null) {
            written.setExpirationDays(rule.expireAfterDays());
        }
        if (rule.abortUploadsAfterDays() != null) {
            var abort = new AbortMultipartUpload();
            abort.setExpirationDays(rule.abortUploadsAfterDays());
            written.setAbortMultipartUpload(abort);
        }
        if (!rule.moves().isEmpty()) {
            written.setStorageTransition(new ArrayList<>(rule.moves().stream()
                    .map(move -> new StorageTransition(
                            move.afterDays(),
                            switch (move.to()) {
                                case INFREQUENT_ACCESS -> StorageClass.IA;
                                case ARCHIVE -> StorageClass.Archive;
                                case COLD_ARCHIVE -> StorageClass.ColdArchive;
                            }))
                    .toList()));
        }
        return written;
    }

    private static LifecycleRule.@Nullable StorageClass read(StorageClass known) {
        return switch (known) {
            case IA -> LifecycleRule.StorageClass.INFREQUENT_ACCESS;
            case Archive -> LifecycleRule.StorageClass.ARCHIVE;
            case ColdArchive -> LifecycleRule.StorageClass.COLD_ARCHIVE;
            case Standard, DeepColdArchive, Unknown -> null;
        };
    }
}
