/** Argo objects in the Kubernetes API, as JSON trees so that no unknown field is lost. */
@NullMarked
package io.tiphys.submitter.kube;

import org.jspecify.annotations.NullMarked;
