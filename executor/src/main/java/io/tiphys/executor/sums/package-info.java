/** Checksums of what passes through. */
@NullMarked
package io.tiphys.executor.sums;

import org.jspecify.annotations.NullMarked;
