/**
 * From the engine's wish for a pod ({@link io.tiphys.engine.Command.EnsurePod}) to the pod as Kubernetes is to have it.
 * Pure: the same wish, workflow and settings give the same pod. Knows Kubernetes' model, the executor's task and Argo's
 * rules for containers, scheduling and artifact keys; knows no client, no clock and no key to sign with.
 *
 * <p>A pod is <em>lean</em> (the user's containers as they are) when nothing goes into or comes out of it, else
 * <em>staged</em> (an executor beside them, their commands wrapped by emissary).
 */
@NullMarked
package io.tiphys.pods;

import org.jspecify.annotations.NullMarked;
