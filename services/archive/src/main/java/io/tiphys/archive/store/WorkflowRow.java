package io.tiphys.archive.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.OffsetDateTime;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A finished workflow as it is searched for; written by {@link ArchiveWriter} only. The manifest is left in the table. */
@Entity
@Immutable
@Table(name = "workflows")
public class WorkflowRow {
    @Id
    @Nullable
    String uid;

    @Nullable
    String namespace;

    @Nullable
    String name;

    @Nullable
    String phase;

    @Column(name = "created_at")
    @Nullable
    OffsetDateTime created;

    @Column(name = "started_at")
    @Nullable
    OffsetDateTime started;

    @Column(name = "finished_at")
    @Nullable
    OffsetDateTime finished;

    @Nullable
    String summary;

    /** What lists show, as JSON. */
    public String summary() {
        return summary == null ? "{}" : summary;
    }
}
