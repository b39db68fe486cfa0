/**
 * Mutexes and semaphores as a workflow sees them: which locks it or a node asks for, what the answers mean, what waits
 * meanwhile. Doesn't know who else wants them: that is {@code engine.locks}.
 */
@NullMarked
package io.tiphys.engine.sync;

import org.jspecify.annotations.NullMarked;
