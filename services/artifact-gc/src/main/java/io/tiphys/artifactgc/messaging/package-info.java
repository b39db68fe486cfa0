/** Kafka at the edge: which workflows want attention, and what became of their artifacts. */
@NullMarked
package io.tiphys.artifactgc.messaging;

import org.jspecify.annotations.NullMarked;
