/**
 * Where artifacts live: the port {@link io.tiphys.artifacts.ArtifactStore} in front of every kind of object storage, and how an Argo artifact
 * location becomes a store and a key. Adapters are modules of their own and pass {@code ArtifactStoreContract} ({@code libs/artifacts-contract}).
 */
@NullMarked
package io.tiphys.artifacts;

import org.jspecify.annotations.NullMarked;
