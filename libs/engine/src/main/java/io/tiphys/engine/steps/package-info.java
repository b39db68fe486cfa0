/**
 * Steps templates: groups run one after the other, the steps of a group side by side; a group waits for all of its
 * children and then succeeds or fails.
 * Counts come from the run; no child is walked unless something is to be said about it.
 */
@NullMarked
package io.tiphys.engine.steps;

import org.jspecify.annotations.NullMarked;
