/** Benchmarks of the running system on a cluster: what the controller makes of what the API server can take. */
@NullMarked
package io.tiphys.bench.cluster;

import org.jspecify.annotations.NullMarked;
