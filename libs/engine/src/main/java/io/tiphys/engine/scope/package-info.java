/**
 * Variables: what {@code {{tags}}} and expressions mean at a given place of a run, looked up when asked for and never
 * collected beforehand; inputs and outputs computed from them, loops aggregated.
 * Reads the run, changes nothing; knows nothing of phases to come.
 */
@NullMarked
package io.tiphys.engine.scope;

import org.jspecify.annotations.NullMarked;
