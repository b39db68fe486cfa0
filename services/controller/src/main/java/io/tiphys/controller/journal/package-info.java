/** Node changes on Kafka: appended before anything is done about them, read back when a shard is taken over. */
@NullMarked
package io.tiphys.controller.journal;

import org.jspecify.annotations.NullMarked;
