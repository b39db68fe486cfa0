package io.tiphys.archive.store;

import io.tiphys.api.selector.Selector.Requirement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A search as a HQL condition on {@code WorkflowRow w} and its parameters; every value is a parameter. */
final class SearchConditions {
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, Object> parameters = new LinkedHashMap<>();
    private int count;

    private SearchConditions() {}

    static SearchConditions of(WorkflowSearch search) {
        SearchConditions conditions = new SearchConditions();
        conditions.text(search.namespace(), search.namespaceExcluded() ? "w.namespace <> %s" : "w.namespace = %s");
        conditions.name(search);
        conditions.time(search.startedAfter(), "w.started > %s");
        conditions.time(search.startedBefore(), "w.started < %s");
        conditions.time(search.createdAfter(), "w.created > %s");
        conditions.time(search.finishedBefore(), "w.finished < %s");
        search.labels().requirements().forEach(conditions::label);
        List<String> excluded = search.excludeUids();
        if (excluded != null && !excluded.isEmpty()) {
            conditions.add("w.uid not in %s", excluded);
        }
        return conditions;
    }

    String hql() {
        return conditions.isEmpty() ? "1 = 1" : String.join(" and ", conditions);
    }

    Map<String, Object> parameters() {
        return parameters;
    }

    private void name(WorkflowSearch search) {
        String filter = search.nameFilter() == null ? "" : search.nameFilter();
        switch (filter) {
            case "Prefix" -> like(search.name(), "", "%");
            case "Contains" -> like(search.name(), "%", "%");
            case "NotEquals" -> text(search.name(), "w.name <> %s");
            default -> text(search.name(), "w.name = %s");
        }
        like(search.namePrefix(), "", "%");
    }

    private void like(@Nullable String text, String before, String after) {
        if (text != null && !text.isEmpty()) {
            String escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_");
            add("w.name like %s escape '!'", before + escaped + after);
        }
    }

    private void text(@Nullable String text, String condition) {
        if (text != null && !text.isEmpty()) {
            add(condition, text);
        }
    }

    private void time(@Nullable Instant time, String condition) {
        if (time != null) {
            add(condition, time.atOffset(ZoneOffset.UTC));
        }
    }

    private void label(Requirement requirement) {
        String key = parameter(requirement.key());
        String exists = "(select 1 from LabelRow l where l.uid = w.uid and l.key = :" + key;
        switch (requirement.operator()) {
            case EXISTS -> conditions.add("exists " + exists + ")");
            case DOES_NOT_EXIST -> conditions.add("not exists " + exists + ")");
            case IN -> conditions.add("exists " + exists + " and l.value in :" + parameter(requirement.values()) + ")");
            case NOT_IN ->
                conditions.add("not exists " + exists + " and l.value in :" + parameter(requirement.values()) + ")");
            case GREATER, LESS ->
                throw new IllegalArgumentException("selector on \"" + requirement.key()
                        + "\": labels of archived workflows are not compared by size; use =, !=, in, notin");
        }
    }

    private void add(String condition, Object value) {
        conditions.add(condition.formatted(":" + parameter(value)));
    }

    private String parameter(Object value) {
        String name = "p" + count++;
        parameters.put(name, value);
        return name;
    }
}
