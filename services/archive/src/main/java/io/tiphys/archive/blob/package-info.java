/** What workflows refer to by hash: specs and statuses that are too large for the Kubernetes API. */
@NullMarked
package io.tiphys.archive.blob;

import org.jspecify.annotations.NullMarked;
