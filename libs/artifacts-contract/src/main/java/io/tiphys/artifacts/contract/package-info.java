/**
 * What every adapter of an object storage must do, as tests: an adapter's own test extends {@link
 * io.tiphys.artifacts.contract.ArtifactStoreContract}. Tests only; a module of its own, as adapters are built without the tests of others.
 */
@NullMarked
package io.tiphys.artifacts.contract;

import org.jspecify.annotations.NullMarked;
