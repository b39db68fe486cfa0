/**
 * Which node a pod goes to: the rules of Kubernetes' scheduler as functions of the pod, the nodes and the pods that are on them. Requests of
 * CPU and memory are not among them, as nodes here are one machine that enforces no limits.
 */
@NullMarked
package io.tiphys.local.node.scheduling;

import org.jspecify.annotations.NullMarked;
