/** Takes up a workflow that somebody else ran so far: from the status that it left to the records that a run is restored from. */
@NullMarked
package io.tiphys.engine.adoption;

import org.jspecify.annotations.NullMarked;
