/**
 * What the pod, the uploader and the builder of pods say to each other about moving data: the task that a pod gets, the bodies of the
 * uploader's HTTP interface, and the capability that a pod shows there. Plain records: no client, no Kubernetes model, no storage SDK.
 */
@NullMarked
package io.tiphys.transfer;

import org.jspecify.annotations.NullMarked;
