package io.tiphys.archive.store;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.tiphys.api.selector.Selector;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to look for; the body of {@code POST /v1/workflows/search}. Absent and empty don't narrow the search.
 *
 * @param namespaceExcluded whether all namespaces but {@code namespace} are meant
 * @param nameFilter how {@code name} is compared: Exact (default), Prefix, Contains, NotEquals
 * @param limit 0 for all
 * @param excludeUids workflows that the asker has already
 * @param count whether the total is wanted
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record WorkflowSearch(
        @Nullable String namespace,
        boolean namespaceExcluded,
        @Nullable String name,
        @Nullable String namePrefix,
        @Nullable String nameFilter,
        @Nullable String labelSelector,
        @Nullable Instant startedAfter,
        @Nullable Instant startedBefore,
        @Nullable Instant createdAfter,
        @Nullable Instant finishedBefore,
        int limit,
        int offset,
        @Nullable List<String> excludeUids,
        boolean count) {

    /**
     * The labels that are asked for.
     *
     * @throws IllegalArgumentException if the selector can't be read
     */
    Selector labels() {
        return Selector.parse(labelSelector);
    }
}
