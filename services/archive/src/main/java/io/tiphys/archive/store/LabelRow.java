package io.tiphys.archive.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A label of a finished workflow, for selectors. */
@Entity
@Immutable
@Table(name = "workflow_labels")
@IdClass(LabelRow.Key.class)
public class LabelRow {
    @Id
    @Nullable
    String uid;

    @Id
    @Nullable
    String key;

    @Nullable
    String value;

    /** What identifies a label. */
    public record Key(String uid, String key) {}
}
