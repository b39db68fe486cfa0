/** Streams artifacts from object storage to the caller, in constant memory. */
@NullMarked
package io.tiphys.submitter.artifacts;

import org.jspecify.annotations.NullMarked;
