/** What arrives on Kafka, in batches: read, stored, and only then acknowledged. */
@NullMarked
package io.tiphys.archive.messaging;

import org.jspecify.annotations.NullMarked;
