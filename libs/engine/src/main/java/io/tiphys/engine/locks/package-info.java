/**
 * The locks that workflows share: who holds them, who waits, who is next. One table knows them all, because several locks
 * are taken together or not at all. Doesn't know runs, Kafka, or where limits are written.
 */
@NullMarked
package io.tiphys.engine.locks;

import org.jspecify.annotations.NullMarked;
