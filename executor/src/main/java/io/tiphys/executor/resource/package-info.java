/**
 * Resource templates: what {@code kubectl} would do for Argo's executor, spoken directly to the API server with the pod's own service
 * account, then waiting for conditions and reading output parameters from the object. Knows nothing of artifacts.
 */
@NullMarked
package io.tiphys.executor.resource;

import org.jspecify.annotations.NullMarked;
