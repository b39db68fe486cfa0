/** Brings one workflow's artifacts into the state that its policy asks for: reads the workflow, deletes, records. Knows the store and Kubernetes through ports. */
@NullMarked
package io.tiphys.artifactgc.reconcile;

import org.jspecify.annotations.NullMarked;
