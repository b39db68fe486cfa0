package io.tiphys.artifactgc.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.OSSArtifact;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.GcStrategy;
import io.tiphys.messages.WorkflowRef;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The queue as a table in the schema {@code artifact_gc} of Postgres. */
public final class PostgresDeletionQueue implements DeletionQueue {
    private static final String COLUMNS =
            "id, namespace, workflow, workflow_uid, node_id, artifact, strategy, due_at, attempts, reason, dead_at";

    private final DataSource database;

    public PostgresDeletionQueue(DataSource database) {
        this.database = database;
    }

    @Override
    public void add(List<Queued> deletions) {
        if (deletions.isEmpty()) {
            return;
        }
        try (var connection = database.getConnection();
                var insert = connection.prepareStatement(
                        "insert into deletion (namespace, workflow, workflow_uid, node_id, artifact_name, artifact, strategy, due_at,"
                                + " reason, dead_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " on conflict (workflow_uid, node_id, artifact_name) do nothing")) {
            for (Queued queued : deletions) {
                Deletion deletion = queued.deletion();
                bind(
                        insert,
                        deletion.workflow().namespace(),
                        deletion.workflow().name(),
                        deletion.workflow().uid(),
                        deletion.nodeId(),
                        deletion.artifact().name(),
                        write(deletion.artifact()),
                        deletion.strategy().argoName(),
                        time(queued.dueAt()),
                        queued.reason(),
                        time(queued.deadAt()));
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw new QueueUnavailableException(e);
        }
    }

    @Override
    public List<Entry> take(Instant now, Duration lease, int limit) {
        return query(
                "update deletion set due_at = ? where id in (select id from deletion where dead_at is null and due_at <= ?"
                        + " order by due_at limit ? for update skip locked) returning " + COLUMNS,
                time(now.plus(lease)),
                time(now),
                limit);
    }

    @Override
    public void remove(Collection<Long> ids) {
        if (!ids.isEmpty()) {
            update("delete from deletion where id = any (?)", (Object) ids.toArray(Long[]::new));
        }
    }

    @Override
    public void postpone(long id, Instant dueAt, int attempts, @Nullable String reason) {
        update(
                "update deletion set due_at = ?, attempts = ?, reason = ? where id = ?",
                time(dueAt),
                attempts,
                reason,
                id);
    }

    @Override
    public void kill(long id, Instant now, int attempts, String reason) {
        update(
                "update deletion set dead_at = ?, attempts = ?, reason = ? where id = ?",
                time(now),
                attempts,
                reason,
                id);
    }

    @Override
    public List<Entry> dead(String namespace, int limit, int offset) {
        return query(
                "select " + COLUMNS
                        + " from deletion where dead_at is not null and namespace = ? order by dead_at desc, id limit ? offset ?",
                namespace,
                limit,
                offset);
    }

    @Override
    public int revive(String namespace, Collection<Long> ids, Instant now) {
        return update(
                "update deletion set dead_at = null, attempts = 0, due_at = ? where dead_at is not null and namespace = ?"
                        + " and (cardinality(?::bigint[]) = 0 or id = any (?))",
                time(now),
                namespace,
                ids.toArray(Long[]::new),
                ids.toArray(Long[]::new));
    }

    @Override
    public Counts counts() {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(
                        "select count(*) filter (where dead_at is null), count(*) filter (where dead_at is not null) from deletion");
                var rows = statement.executeQuery()) {
            rows.next();
            return new Counts(rows.getLong(1), rows.getLong(2));
        } catch (SQLException e) {
            throw new QueueUnavailableException(e);
        }
    }

    private List<Entry> query(String sql, @Nullable Object... values) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            List<Entry> found = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(entry(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new QueueUnavailableException(e);
        }
    }

    private int update(String sql, @Nullable Object... values) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new QueueUnavailableException(e);
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int n = 0; n < values.length; n++) {
            statement.setObject(n + 1, values[n]);
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        Deletion deletion = new Deletion(
                new WorkflowRef(row.getString("namespace"), row.getString("workflow"), row.getString("workflow_uid")),
                row.getString("node_id"),
                read(row.getString("artifact")),
                GcStrategy.of(row.getString("strategy"))
                        .orElseThrow(() -> new IllegalStateException("the table deletion holds an unknown strategy")));
        OffsetDateTime deadAt = row.getObject("dead_at", OffsetDateTime.class);
        return new Entry(
                row.getLong("id"),
                new Queued(
                        deletion,
                        row.getObject("due_at", OffsetDateTime.class).toInstant(),
                        row.getString("reason"),
                        deadAt == null ? null : deadAt.toInstant()),
                row.getInt("attempts"));
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /** Without a token that stands in the location itself: it is a secret, and wouldn't hold for so long. */
    private static String write(Artifact artifact) {
        OSSArtifact oss = artifact.oss();
        Artifact kept = oss == null ? artifact : artifact.withOss(oss.withSecurityToken(null));
        try {
            return ApiJson.mapper().writeValueAsString(kept);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an artifact that was read from JSON is JSON", e);
        }
    }

    private static Artifact read(String json) {
        try {
            return ApiJson.mapper().readValue(json, Artifact.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the table deletion holds an artifact that is no JSON", e);
        }
    }
}
