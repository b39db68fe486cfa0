/**
 * The process behind {@code tiphys up}: starts the embedded parts (API server, Kafka, Postgres, OSS endpoint, node) and the
 * five services as the processes that they are in production, watches over them, and says how they are in
 * {@code instance.json}. It knows how parts are started and asked for their health, and nothing of workflows.
 */
@NullMarked
package io.tiphys.local.system;

import org.jspecify.annotations.NullMarked;
