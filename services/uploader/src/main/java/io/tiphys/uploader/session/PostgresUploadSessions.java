package io.tiphys.uploader.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.transfer.Uploads;
import io.tiphys.uploader.session.UploadSession.Owner;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Upload sessions in the schema {@code uploader} of Postgres. */
public final class PostgresUploadSessions implements UploadSessions {
    private static final String COLUMNS =
            "id, workflow_uid, pod, artifact, relative_path, namespace, fingerprint, location, object_key,"
                    + " upload_id, part_size, state, size_bytes, etag, crc64";
    private static final TypeReference<Map<String, Object>> LOCATION = new TypeReference<>() {};

    private final DataSource database;
    private final ObjectMapper json = new ObjectMapper();

    public PostgresUploadSessions(DataSource database) {
        this.database = database;
    }

    @Override
    public Optional<UploadSession> find(Owner owner) {
        return one(
                "select " + COLUMNS + " from upload_session"
                        + " where workflow_uid = ? and pod = ? and artifact = ? and relative_path = ?",
                owner.workflowUid(),
                owner.pod(),
                owner.artifact(),
                owner.relativePath());
    }

    @Override
    public Optional<UploadSession> find(UUID id) {
        return one("select " + COLUMNS + " from upload_session where id = ?", id);
    }

    @Override
    public boolean add(UploadSession s) {
        return update(
                        "insert into upload_session (id, workflow_uid, pod, artifact, relative_path, namespace, fingerprint, location,"
                                + " object_key, upload_id, part_size, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open')"
                                + " on conflict (workflow_uid, pod, artifact, relative_path) do nothing",
                        s.id(),
                        s.owner().workflowUid(),
                        s.owner().pod(),
                        s.owner().artifact(),
                        s.owner().relativePath(),
                        s.namespace(),
                        s.fingerprint(),
                        write(s.location()),
                        s.objectKey(),
                        s.uploadId(),
                        s.partSizeBytes())
                == 1;
    }

    @Override
    public List<Uploads.Part> parts(UUID id) {
        return query(
                "select number, size_bytes, md5, etag, crc64 from upload_part where session = ? order by number",
                row -> new Uploads.Part(
                        row.getInt(1), row.getLong(2), row.getString(3), row.getString(4), row.getString(5)),
                id);
    }

    @Override
    public void addParts(UUID id, List<Uploads.Part> parts) {
        try (var connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (var add = connection.prepareStatement(
                            "insert into upload_part (session, number, size_bytes, md5, etag, crc64) values (?, ?, ?, ?, ?, ?)"
                                    + " on conflict (session, number) do update set size_bytes = excluded.size_bytes, md5 = excluded.md5,"
                                    + " etag = excluded.etag, crc64 = excluded.crc64");
                    var touch =
                            connection.prepareStatement("update upload_session set touched_at = now() where id = ?")) {
                for (var part : parts) {
                    bind(add, id, part.number(), part.sizeBytes(), part.md5(), part.etag(), part.crc64());
                    add.addBatch();
                }
                if (!parts.isEmpty()) {
                    add.executeBatch();
                }
                bind(touch, id);
                touch.executeUpdate();
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new SessionsUnavailableException(e);
        }
    }

    @Override
    public void complete(UUID id, Uploads.Completed completed) {
        update(
                "update upload_session set state = 'completed', size_bytes = ?, etag = ?, crc64 = ?, touched_at = now() where id = ?",
                completed.sizeBytes(),
                completed.etag(),
                completed.crc64(),
                id);
        update("delete from upload_part where session = ?", id);
    }

    @Override
    public void remove(UUID id) {
        update("delete from upload_session where id = ?", id);
    }

    @Override
    public List<UploadSession> takeAbandoned(Duration idle, int limit) {
        return query(
                "update upload_session set touched_at = now() where id in (select id from upload_session where state = 'open'"
                        + " and touched_at < now() - make_interval(secs => ?) limit ? for update skip locked) returning "
                        + COLUMNS,
                this::session,
                (double) idle.toSeconds(),
                limit);
    }

    @Override
    public int forgetFinished(Duration age) {
        return update(
                "delete from upload_session where state = 'completed' and touched_at < now() - make_interval(secs => ?)",
                (double) age.toSeconds());
    }

    private UploadSession session(ResultSet row) throws SQLException {
        var completed = row.getString("state").equals("completed")
                ? new Uploads.Completed(row.getLong("size_bytes"), row.getString("etag"), row.getString("crc64"))
                : null;
        return new UploadSession(
                row.getObject("id", UUID.class),
                new Owner(
                        row.getString("workflow_uid"),
                        row.getString("pod"),
                        row.getString("artifact"),
                        row.getString("relative_path")),
                row.getString("namespace"),
                row.getString("fingerprint"),
                read(row.getString("location")),
                row.getString("object_key"),
                row.getString("upload_id"),
                row.getLong("part_size"),
                completed);
    }

    @FunctionalInterface
    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private Optional<UploadSession> one(String sql, Object... values) {
        return query(sql, this::session, values).stream().findFirst();
    }

    private <T> List<T> query(String sql, Row<T> row, Object... values) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            var found = new ArrayList<T>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    found.add(row.read(rows));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new SessionsUnavailableException(e);
        }
    }

    private int update(String sql, @Nullable Object... values) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new SessionsUnavailableException(e);
        }
    }

    private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int n = 0; n < values.length; n++) {
            statement.setObject(n + 1, values[n]);
        }
    }

    private String write(Map<String, Object> location) {
        try {
            return json.writeValueAsString(location);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a location from a token is JSON", e);
        }
    }

    private Map<String, Object> read(String location) {
        try {
            return json.readValue(location, LOCATION);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the table upload_session holds a location that is no JSON", e);
        }
    }

    /** Postgres can't be reached or refuses; worth another try. */
    public static final class SessionsUnavailableException extends RuntimeException {
        SessionsUnavailableException(SQLException cause) {
            super("Postgres: " + cause.getMessage(), cause);
        }
    }
}
