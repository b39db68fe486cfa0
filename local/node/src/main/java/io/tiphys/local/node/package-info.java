/**
 * A node of its own: runs pods as processes of this machine, each container in its own mount and PID namespace on an overlay of the
 * host's root, and behaves towards the Kubernetes API as a kubelet does. It knows nothing of workflows.
 */
@NullMarked
package io.tiphys.local.node;

import org.jspecify.annotations.NullMarked;
