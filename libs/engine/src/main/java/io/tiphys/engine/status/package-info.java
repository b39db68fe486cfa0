/**
 * The projection of a run into the status that Argo's tools read: {@code WorkflowStatus} and {@code NodeStatus}.
 * Reads everything, decides nothing.
 */
@NullMarked
package io.tiphys.engine.status;

import org.jspecify.annotations.NullMarked;
