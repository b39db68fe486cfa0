/** Waiting for Kafka and Postgres, and saying so. */
@NullMarked
package io.tiphys.uploader.startup;

import org.jspecify.annotations.NullMarked;
