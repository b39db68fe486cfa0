package io.tiphys.submitter.rest;

import io.tiphys.api.selector.Selector;
import io.tiphys.api.selector.Selector.Requirement;
import io.tiphys.submitter.archive.ArchiveQuery;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The query of a list of workflows, live or archived: {@code listOptions.*}, {@code nameFilter}, {@code createdAfter},
 * {@code finishedBefore}, {@code namePrefix}. Understands the field selectors that Argo understands and refuses others.
 *
 * @param namespace empty for all
 * @param nameFilter how {@code name} is compared: Exact (default), Prefix, Contains, NotEquals
 * @param limit 0 for all
 */
public record ListQuery(
        String namespace,
        boolean namespaceExcluded,
        String name,
        String namePrefix,
        String nameFilter,
        String labelSelector,
        Selector labels,
        @Nullable Instant startedAfter,
        @Nullable Instant startedBefore,
        @Nullable Instant createdAfter,
        @Nullable Instant finishedBefore,
        int limit,
        int offset,
        boolean countRemaining) {

    public static ListQuery parse(String namespace, MultivaluedMap<String, String> query) {
        Draft draft = new Draft(namespace, text(query, "nameFilter"));
        draft.fields(text(query, "listOptions.fieldSelector"));
        String labelSelector = text(query, "listOptions.labelSelector");
        return new ListQuery(
                draft.namespace,
                draft.namespaceExcluded,
                draft.name,
                text(query, "namePrefix"),
                draft.nameFilter,
                labelSelector,
                labels(labelSelector),
                draft.startedAfter,
                draft.startedBefore,
                time("createdAfter", text(query, "createdAfter")),
                time("finishedBefore", text(query, "finishedBefore")),
                number("listOptions.limit", text(query, "listOptions.limit")),
                number("listOptions.continue", text(query, "listOptions.continue")),
                draft.countRemaining);
    }

    public static Selector labels(String labelSelector) {
        try {
            return Selector.parse(labelSelector);
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid("listOptions.labelSelector: " + e.getMessage());
        }
    }

    /** Whether a live workflow is meant, apart from its labels and namespace, by which the Kubernetes API has chosen already. */
    public boolean accepts(
            Map<String, String> liveLabels,
            String liveNamespace,
            String liveName,
            @Nullable Instant created,
            @Nullable Instant started,
            @Nullable Instant finished) {
        return labels.matches(liveLabels)
                && acceptsNamespace(liveNamespace)
                && acceptsName(liveName)
                && (createdAfter == null || (created != null && created.isAfter(createdAfter)))
                && (startedAfter == null || (started != null && started.isAfter(startedAfter)))
                && (startedBefore == null || (started != null && started.isBefore(startedBefore)))
                && (finishedBefore == null || (finished != null && finished.isBefore(finishedBefore)));
    }

    public ArchiveQuery toArchive(int archiveLimit, int archiveOffset, List<String> excludeUids) {
        return new ArchiveQuery(
                namespace,
                namespaceExcluded,
                name,
                namePrefix,
                nameFilter,
                labelSelector,
                iso(startedAfter),
                iso(startedBefore),
                iso(createdAfter),
                iso(finishedBefore),
                archiveLimit,
                archiveOffset,
                excludeUids,
                countRemaining);
    }

    private boolean acceptsNamespace(String liveNamespace) {
        return namespace.isEmpty() || namespaceExcluded != liveNamespace.equals(namespace);
    }

    private boolean acceptsName(String liveName) {
        if (!liveName.startsWith(namePrefix)) {
            return false;
        }
        if (name.isEmpty()) {
            return true;
        }
        return switch (nameFilter) {
            case "Prefix" -> liveName.startsWith(name);
            case "Contains" -> liveName.contains(name);
            case "NotEquals" -> !liveName.equals(name);
            default -> liveName.equals(name);
        };
    }

    static String text(MultivaluedMap<String, String> query, String name) {
        String value = query.getFirst(name);
        return value == null ? "" : value;
    }

    private static int number(String field, String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException _) {
            // refused below
        }
        throw ApiException.invalid(field + " must be a whole number of at least 0, got \"" + text + "\"");
    }

    private static @Nullable Instant time(String field, String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw ApiException.invalid(field + " must be a time like 2026-01-31T12:00:00Z, got \"" + text + "\"");
        }
    }

    private static @Nullable String iso(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static final class Draft {
        private String namespace;
        private boolean namespaceExcluded;
        private String name = "";
        private String nameFilter;
        private @Nullable Instant startedAfter;
        private @Nullable Instant startedBefore;
        private boolean countRemaining;

        Draft(String namespace, String nameFilter) {
            this.namespace = namespace;
            this.nameFilter = nameFilter;
        }

        void fields(String selector) {
            Selector parsed;
            try {
                parsed = Selector.parse(selector);
            } catch (IllegalArgumentException e) {
                throw ApiException.invalid("listOptions.fieldSelector: " + e.getMessage());
            }
            parsed.requirements().forEach(this::field);
        }

        private void field(Requirement requirement) {
            String value =
                    requirement.values().isEmpty() ? "" : requirement.values().getFirst();
            switch (requirement.key() + " " + requirement.operator()) {
                case "metadata.namespace IN" -> namespace(value);
                case "metadata.namespace NOT_IN" -> {
                    namespace = value;
                    namespaceExcluded = true;
                }
                case "metadata.name IN" -> name = value;
                case "metadata.name NOT_IN" -> {
                    name = value;
                    nameFilter = "NotEquals";
                }
                case "spec.startedAt GREATER" -> startedAfter = time("spec.startedAt", value);
                case "spec.startedAt LESS" -> startedBefore = time("spec.startedAt", value);
                case "ext.showRemainingItemCount IN" -> countRemaining = Boolean.parseBoolean(value);
                default ->
                    throw ApiException.invalid(
                            "listOptions.fieldSelector: unsupported requirement on \""
                                    + requirement.key()
                                    + "\"; known: metadata.name, metadata.namespace, spec.startedAt, ext.showRemainingItemCount");
            }
        }

        private void namespace(String value) {
            if (!namespace.isEmpty() && !namespace.equals(value)) {
                throw ApiException.invalid("namespace \"" + namespace + "\" and field selector metadata.namespace \""
                        + value + "\" contradict each other");
            }
            namespace = value;
        }
    }
}
