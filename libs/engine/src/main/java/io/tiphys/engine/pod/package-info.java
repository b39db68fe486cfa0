/**
 * Nodes that are pods: the order for a pod with every variable filled in, and what a pod's and an executor's reports mean
 * for the node. Failed is the user's code, Error the machinery.
 * Builds no pods and talks to nobody.
 */
@NullMarked
package io.tiphys.engine.pod;

import org.jspecify.annotations.NullMarked;
