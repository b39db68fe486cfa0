/** How services reach the Kubernetes API server, beyond what the client does by itself. */
@NullMarked
package io.tiphys.cluster;

import org.jspecify.annotations.NullMarked;
