package io.tiphys.archive.blob;

import io.vertx.core.buffer.Buffer;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.Optional;

/** The table of blobs. Blocking: not for event loops. */
@ApplicationScoped
public class Blobs {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final String PUT = """
            insert into archive.blobs (namespace, hash, content) values ($1, $2, $3)
            on conflict (namespace, hash) do update set touched_at = now()""";

    private static final String SWEEP = """
            delete from archive.blobs b
            where b.touched_at < $1
              and not exists (select 1 from archive.workflows w where w.namespace = b.namespace and w.spec_hash = b.hash)
              and not (b.namespace || '/' || b.hash = any ($2::text[]))""";

    private final Pool pool;

    public Blobs(Pool pool) {
        this.pool = pool;
    }

    /** Keeps it; one that is there already counts as new. */
    public void put(String namespace, String hash, byte[] content) {
        var _ = pool.preparedQuery(PUT)
                .execute(Tuple.of(namespace, hash, Buffer.buffer(content)))
                .await()
                .atMost(TIMEOUT);
    }

    public Optional<byte[]> get(String namespace, String hash) {
        for (Row row : pool.preparedQuery("select content from archive.blobs where namespace = $1 and hash = $2")
                .execute(Tuple.of(namespace, hash))
                .await()
                .atMost(TIMEOUT)) {
            return Optional.of(row.getBuffer(0).getBytes());
        }
        return Optional.empty();
    }

    /**
     * Deletes what nobody refers to.
     *
     * @param before what was touched later stays: whoever touched it may be about to refer to it
     * @param live {@code namespace/hash} of all that live workflows refer to; archived ones are known here
     * @return how many
     */
    public int sweep(OffsetDateTime before, Collection<String> live) {
        return pool.preparedQuery(SWEEP)
                .execute(Tuple.tuple().addOffsetDateTime(before).addArrayOfString(live.toArray(String[]::new)))
                .await()
                .atMost(TIMEOUT)
                .rowCount();
    }
}
