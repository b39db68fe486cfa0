/** Artifact drivers: processes beside this one that serve Argo's gRPC service on a Unix socket, and store artifacts wherever they like. */
@NullMarked
package io.tiphys.artifacts.plugin;

import org.jspecify.annotations.NullMarked;
