package io.tiphys.submitter.archive;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to look for in the archive; the body of {@code POST /v1/workflows/search}. Empty and null don't narrow the search.
 *
 * @param nameFilter how {@code name} is compared: Exact, Prefix, Contains, NotEquals
 * @param startedAfter, startedBefore, createdAfter, finishedBefore RFC 3339
 * @param limit 0 for all
 * @param excludeUids workflows that the asker has already
 * @param count whether the total is wanted
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ArchiveQuery(
        String namespace,
        boolean namespaceExcluded,
        String name,
        String namePrefix,
        String nameFilter,
        String labelSelector,
        @Nullable String startedAfter,
        @Nullable String startedBefore,
        @Nullable String createdAfter,
        @Nullable String finishedBefore,
        int limit,
        int offset,
        List<String> excludeUids,
        boolean count) {
    public ArchiveQuery {
        excludeUids = List.copyOf(excludeUids);
    }
}
