package io.tiphys.controller.kube;

import org.jspecify.annotations.Nullable;

/**
 * What was read of an object in a list or a watch.
 *
 * @param resourceVersion from where a watch can go on
 * @param object null if it is none of ours
 */
record Watched<T>(String resourceVersion, @Nullable T object) {}
