/** Container logs in the CRI's format, and the HTTP endpoint that {@code kubectl logs} ends at. */
@NullMarked
package io.tiphys.local.node.log;

import org.jspecify.annotations.NullMarked;
