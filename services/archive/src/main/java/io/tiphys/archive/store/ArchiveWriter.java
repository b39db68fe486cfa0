package io.tiphys.archive.store;

import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes batches, each in one transaction. The last state of a key wins, so a batch that comes twice changes nothing. Blocking: not
 * for event loops.
 */
@ApplicationScoped
public class ArchiveWriter {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** The journal of a workflow is dropped whole when the workflow is; its nodes vanish from it shortly before it does. */
    private static final Duration DROPPED_TOGETHER = Duration.ofMinutes(1);

    private static final String UPSERT_NODES = """
            insert into archive.nodes (workflow_uid, node_id, phase, node, changed_at)
            select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
            on conflict (workflow_uid, node_id) do update
            set phase = excluded.phase, node = excluded.node, changed_at = excluded.changed_at, removed_at = null""";

    private static final String REMOVE_NODES = """
            update archive.nodes n set removed_at = r.at
            from unnest($1::text[], $2::text[], $3::timestamptz[]) as r (uid, id, at)
            where n.workflow_uid = r.uid and n.node_id = r.id and n.removed_at is null""";

    private static final String KEEP_NODES = """
            update archive.nodes set removed_at = null
            where workflow_uid = $1 and removed_at > $2""";

    private static final String UPSERT_WORKFLOW = """
            insert into archive.workflows (uid, namespace, name, phase, created_at, started_at, finished_at, summary, manifest, spec_hash)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            on conflict (uid) do update
            set phase = excluded.phase, created_at = excluded.created_at, started_at = excluded.started_at,
                finished_at = excluded.finished_at, summary = excluded.summary, manifest = excluded.manifest,
                spec_hash = excluded.spec_hash, archived_at = now()""";

    private static final String FORGET_LABELS = "delete from archive.workflow_labels where uid = $1";

    private static final String INSERT_LABELS = """
            insert into archive.workflow_labels (uid, key, value)
            select $1, k, v from unnest($2::text[], $3::text[]) as l (k, v)""";

    private final Pool pool;

    public ArchiveWriter(Pool pool) {
        this.pool = pool;
    }

    /** Later states of the list win over earlier ones of the same node. */
    public void nodes(List<NodeState> states) {
        Map<String, NodeState> newest = new LinkedHashMap<>();
        for (NodeState state : states) {
            newest.put(state.workflowUid() + "/" + state.nodeId(), state);
        }
        List<NodeState.Present> present = new ArrayList<>();
        List<NodeState.Dropped> dropped = new ArrayList<>();
        List<NodeState.Dropped> journals = new ArrayList<>();
        for (NodeState state : newest.values()) {
            switch (state) {
                case NodeState.Present p -> present.add(p);
                case NodeState.Dropped d when d.nodeId().isEmpty() -> journals.add(d);
                case NodeState.Dropped d -> dropped.add(d);
            }
        }
        inTransaction(connection -> {
            if (!present.isEmpty()) {
                run(connection, UPSERT_NODES, upsert(present));
            }
            if (!dropped.isEmpty()) {
                run(connection, REMOVE_NODES, removal(dropped));
            }
            for (NodeState.Dropped journal : journals) {
                run(
                        connection,
                        KEEP_NODES,
                        Tuple.of(journal.workflowUid(), journal.at().minus(DROPPED_TOGETHER)));
            }
        });
    }

    public void workflows(List<FinishedWorkflow> workflows) {
        inTransaction(connection -> {
            for (FinishedWorkflow workflow : workflows) {
                run(
                        connection,
                        UPSERT_WORKFLOW,
                        Tuple.tuple()
                                .addString(workflow.uid())
                                .addString(workflow.namespace())
                                .addString(workflow.name())
                                .addString(workflow.phase())
                                .addOffsetDateTime(workflow.created())
                                .addOffsetDateTime(workflow.started())
                                .addOffsetDateTime(workflow.finished())
                                .addString(workflow.summary())
                                .addString(workflow.manifest())
                                .addString(workflow.specHash()));
                run(connection, FORGET_LABELS, Tuple.of(workflow.uid()));
                run(
                        connection,
                        INSERT_LABELS,
                        Tuple.tuple()
                                .addString(workflow.uid())
                                .addArrayOfString(workflow.labels().keySet().toArray(String[]::new))
                                .addArrayOfString(workflow.labels().values().toArray(String[]::new)));
            }
        });
    }

    private static Tuple upsert(List<NodeState.Present> rows) {
        return Tuple.tuple()
                .addArrayOfString(texts(rows, NodeState::workflowUid))
                .addArrayOfString(texts(rows, NodeState::nodeId))
                .addArrayOfString(texts(rows, NodeState.Present::phase))
                .addArrayOfString(texts(rows, NodeState.Present::node))
                .addArrayOfOffsetDateTime(times(rows));
    }

    private static Tuple removal(List<NodeState.Dropped> rows) {
        return Tuple.tuple()
                .addArrayOfString(texts(rows, NodeState::workflowUid))
                .addArrayOfString(texts(rows, NodeState::nodeId))
                .addArrayOfOffsetDateTime(times(rows));
    }

    private static <T> String[] texts(List<T> rows, java.util.function.Function<? super T, String> column) {
        return rows.stream().map(column).toArray(String[]::new);
    }

    private static OffsetDateTime[] times(List<? extends NodeState> rows) {
        return rows.stream().map(NodeState::at).toArray(OffsetDateTime[]::new);
    }

    private interface Work {
        void on(SqlConnection connection);
    }

    private void inTransaction(Work work) {
        SqlConnection connection = pool.getConnection().await().atMost(TIMEOUT);
        try {
            run(connection, "begin", Tuple.tuple());
            work.on(connection);
            run(connection, "commit", Tuple.tuple());
        } catch (RuntimeException e) {
            rollback(connection, e);
            throw e;
        } finally {
            connection.close().await().atMost(TIMEOUT);
        }
    }

    private static void rollback(SqlConnection connection, RuntimeException cause) {
        try {
            run(connection, "rollback", Tuple.tuple());
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static void run(SqlConnection connection, String sql, Tuple parameters) {
        connection.preparedQuery(sql).execute(parameters).await().atMost(TIMEOUT);
    }
}
