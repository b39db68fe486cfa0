/**
 * Making nodes: finds the template that a step, task, hook or the workflow calls, computes its inputs, and adds a node of
 * the right type, or one that says why not. Slots of parallelism are counted here.
 * Doesn't know what the node does from then on.
 */
@NullMarked
package io.tiphys.engine.launch;

import org.jspecify.annotations.NullMarked;
