/** What is still to be deleted for workflows that are gone: kept in Postgres, tried until it is done or a dead letter. */
@NullMarked
package io.tiphys.artifactgc.queue;

import org.jspecify.annotations.NullMarked;
