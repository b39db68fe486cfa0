/**
 * Runs folders of conformance cases: on a running system, or by engine and validator alone. Knows no case by name; what a
 * case wants stands in its folder.
 */
@NullMarked
package io.tiphys.conformance;

import org.jspecify.annotations.NullMarked;
