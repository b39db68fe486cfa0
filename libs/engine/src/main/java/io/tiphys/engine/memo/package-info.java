/** Memoization: nodes that are spared because a cache has the outputs of an earlier one. */
@NullMarked
package io.tiphys.engine.memo;

import org.jspecify.annotations.NullMarked;
