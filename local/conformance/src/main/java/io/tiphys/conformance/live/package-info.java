/** Runs cases on a system that runs: each in a namespace of its own, through the Kubernetes API and the system's door. */
@NullMarked
package io.tiphys.conformance.live;

import org.jspecify.annotations.NullMarked;
