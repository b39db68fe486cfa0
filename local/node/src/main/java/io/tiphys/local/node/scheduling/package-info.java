/**
 * Which node a pod goes to: the rules of Kubernetes' scheduler as functions of the pod, the nodes and the pods that are on them. Of
 * requests only that counts that no node has so much memory, as nodes here are one machine that enforces no limits.
 */
@NullMarked
package io.tiphys.local.node.scheduling;

import org.jspecify.annotations.NullMarked;
