/**
 * Argo's controller ConfigMap as settings of ours: a user who comes from Argo brings {@code workflow-controller-configmap} along, and
 * each of its keys that means something here is found under the name of our setting. Knows no service.
 */
@NullMarked
package io.tiphys.settings;

import org.jspecify.annotations.NullMarked;
