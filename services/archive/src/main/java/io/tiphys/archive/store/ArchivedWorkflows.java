package io.tiphys.archive.store;

import io.quarkus.hibernate.reactive.panache.PanacheQuery;
import io.quarkus.hibernate.reactive.panache.PanacheRepositoryBase;
import io.quarkus.hibernate.reactive.panache.common.WithSession;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked about finished workflows without reading them whole. */
@ApplicationScoped
public class ArchivedWorkflows implements PanacheRepositoryBase<WorkflowRow, String> {

    /**
     * One page of an answer.
     *
     * @param total of the whole search; null unless it was asked for
     * @param more whether there is a next page
     */
    public record Page(List<WorkflowRow> rows, @Nullable Long total, boolean more) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /** Newest first; a workflow that never started comes before all. */
    @WithSession
    public Uni<Page> search(WorkflowSearch search) {
        SearchConditions conditions = SearchConditions.of(search);
        String hql = "from WorkflowRow w where " + conditions.hql() + " order by w.started desc nulls first, w.uid";
        PanacheQuery<WorkflowRow> query = find(hql, conditions.parameters());
        int limit = search.limit();
        int offset = Math.max(0, search.offset());
        query = query.range(offset, limit == 0 ? Integer.MAX_VALUE - 1 : offset + limit);
        Uni<List<WorkflowRow>> rows = query.list();
        Uni<Page> page = rows.map(found -> limit > 0 && found.size() > limit
                ? new Page(found.subList(0, limit), null, true)
                : new Page(found, null, false));
        if (!search.count()) {
            return page;
        }
        return page.flatMap(found -> count("from WorkflowRow w where " + conditions.hql(), conditions.parameters())
                .map(total -> new Page(found.rows(), total, found.more())));
    }
}
