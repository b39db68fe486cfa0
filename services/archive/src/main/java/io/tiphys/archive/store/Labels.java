package io.tiphys.archive.store;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Which labels finished workflows have. Blocking: not for event loops. */
@ApplicationScoped
public class Labels {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Pool pool;

    public Labels(Pool pool) {
        this.pool = pool;
    }

    /** Sorted; an empty namespace means all. */
    public List<String> keys(String namespace) {
        return texts("""
                select distinct l.key from archive.workflow_labels l join archive.workflows w using (uid)
                where $1 = '' or w.namespace = $1 order by 1""", Tuple.of(namespace));
    }

    /** Sorted; an empty namespace means all. */
    public List<String> values(String namespace, String key) {
        return texts("""
                select distinct l.value from archive.workflow_labels l join archive.workflows w using (uid)
                where ($1 = '' or w.namespace = $1) and l.key = $2 order by 1""", Tuple.of(namespace, key));
    }

    private List<String> texts(String sql, Tuple parameters) {
        List<String> texts = new ArrayList<>();
        pool.preparedQuery(sql).execute(parameters).await().atMost(TIMEOUT).forEach(row -> texts.add(row.getString(0)));
        return texts;
    }
}
