/** Runs cases by the engine alone: pods end as the case says, time passes when nothing else happens. */
@NullMarked
package io.tiphys.conformance.simulation;

import org.jspecify.annotations.NullMarked;
