/**
 * The workflow state machine: an {@link io.tiphys.engine.Input} is decided into {@link io.tiphys.engine.Event}s and
 * {@link io.tiphys.engine.Command}s, and events are the only thing that changes a {@link io.tiphys.engine.Run}.
 * Knows Argo's semantics of steps, DAGs, loops, retries, hooks and deadlines; knows no clock, no thread, no Kubernetes
 * client, no journal. One thread owns a run at a time. The machines live in the sub-packages, one per concept.
 */
@NullMarked
package io.tiphys.engine;

import org.jspecify.annotations.NullMarked;
