/** The tables: what is written in bulk (SQL) and what is asked (entities). Knows Postgres, not Kafka or HTTP. */
@NullMarked
package io.tiphys.archive.store;

import org.jspecify.annotations.NullMarked;
