package io.tiphys.archive.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.mutiny.sqlclient.Cursor;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads workflows whole, with all their nodes. Nodes go from a cursor straight to the reader, so that a workflow of 100,000 nodes
 * costs no more memory than one of ten. Blocking: not for event loops.
 */
@ApplicationScoped
public class WholeWorkflow {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int NODES_AT_A_TIME = 200;
    private static final String OFFLOADED = "offloadNodeStatusVersion";
    private static final String NODES = """
            select node_id, node from archive.nodes
            where workflow_uid = $1 and removed_at is null order by changed_at, node_id""";

    private final Pool pool;
    private final ObjectMapper json;

    public WholeWorkflow(Pool pool, ObjectMapper json) {
        this.pool = pool;
        this.json = json;
    }

    /** A workflow that is there, and its JSON without nodes. */
    public record Found(String uid, ObjectNode manifest) {}

    public Optional<Found> byUid(String uid) {
        return one("select uid, manifest from archive.workflows where uid = $1", Tuple.of(uid));
    }

    /** The newest of that name. */
    public Optional<Found> byName(String namespace, String name) {
        return one("""
                select uid, manifest from archive.workflows where namespace = $1 and name = $2
                order by created_at desc nulls last, archived_at desc limit 1""", Tuple.of(namespace, name));
    }

    /** Forgets the workflow and its nodes. */
    public boolean delete(String uid) {
        return pool.withTransaction(connection -> connection
                        .preparedQuery("delete from archive.nodes where workflow_uid = $1")
                        .execute(Tuple.of(uid))
                        .flatMap(_ -> connection
                                .preparedQuery("delete from archive.workflows where uid = $1")
                                .execute(Tuple.of(uid)))
                        .map(deleted -> deleted.rowCount() > 0))
                .await()
                .atMost(TIMEOUT);
    }

    /**
     * Writes the workflow as Argo shows it: {@code status.nodes} filled, marked as coming from the archive.
     *
     * @param withNodes false: {@code status.offloadNodeStatusVersion} says that they are elsewhere instead
     */
    public void write(Found found, boolean withNodes, OutputStream out) throws IOException {
        ObjectNode manifest = found.manifest();
        manifest.withObject("/metadata/labels").put("workflows.argoproj.io/workflow-archiving-status", "Persisted");
        ObjectNode status = manifest.withObject("/status");
        try (JsonGenerator generator = generator(out)) {
            generator.writeStartObject();
            for (var part : manifest.properties()) {
                if (!part.getKey().equals("status")) {
                    generator.writePOJOField(part.getKey(), part.getValue());
                }
            }
            generator.writeObjectFieldStart("status");
            status.remove(OFFLOADED);
            for (var field : status.properties()) {
                generator.writePOJOField(field.getKey(), field.getValue());
            }
            if (withNodes) {
                generator.writeFieldName("nodes");
                nodes(found.uid(), generator);
            } else {
                generator.writeStringField(OFFLOADED, "archived");
            }
            generator.writeEndObject();
            generator.writeEndObject();
        }
    }

    /** Writes {@code {"nodes": {…}}}: what is known of a workflow's nodes, whether it has ended or not. */
    public void writeNodes(String uid, OutputStream out) throws IOException {
        try (JsonGenerator generator = generator(out)) {
            generator.writeStartObject();
            generator.writeFieldName("nodes");
            nodes(uid, generator);
            generator.writeEndObject();
        }
    }

    /** One that leaves what was cut off visibly cut off, rather than closing it into a smaller workflow. */
    private JsonGenerator generator(OutputStream out) throws IOException {
        return json.createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_JSON_CONTENT);
    }

    private void nodes(String uid, JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        SqlConnection connection = pool.getConnection().await().atMost(TIMEOUT);
        try {
            connection.query("begin").execute().await().atMost(TIMEOUT);
            Cursor cursor = connection.prepare(NODES).await().atMost(TIMEOUT).cursor(Tuple.of(uid));
            do {
                RowSet<Row> rows = cursor.read(NODES_AT_A_TIME).await().atMost(TIMEOUT);
                for (Row row : rows) {
                    generator.writeFieldName(row.getString(0));
                    generator.writeRawValue(row.getString(1));
                }
            } while (cursor.hasMore());
            cursor.close().await().atMost(TIMEOUT);
            connection.query("commit").execute().await().atMost(TIMEOUT);
        } finally {
            connection.close().await().atMost(TIMEOUT);
        }
        generator.writeEndObject();
    }

    private Optional<Found> one(String sql, Tuple parameters) {
        RowSet<Row> rows = pool.preparedQuery(sql).execute(parameters).await().atMost(TIMEOUT);
        for (Row row : rows) {
            try {
                return Optional.of(new Found(row.getString(0), json.readValue(row.getString(1), ObjectNode.class)));
            } catch (IOException e) {
                throw new UncheckedIOException("archived workflow " + row.getString(0) + " is not JSON", e);
            }
        }
        return Optional.empty();
    }
}
