/**
 * What Kubernetes' own controllers do with objects that make pods: Jobs. Works through the API like any client; knows neither the node that
 * runs the pods nor the server that keeps them.
 */
@NullMarked
package io.tiphys.local.workloads;

import org.jspecify.annotations.NullMarked;
