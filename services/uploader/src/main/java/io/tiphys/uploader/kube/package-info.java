/** Pods, read from the Kubernetes API. */
@NullMarked
package io.tiphys.uploader.kube;

import org.jspecify.annotations.NullMarked;
