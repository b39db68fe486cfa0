/**
 * Hostile manifests: known ones and generated ones, mutated as trees and as text, each a function of the corpus and one seed. A manifest
 * is either refused with problems, or its workflow runs to an end in the {@link io.tiphys.testkit.simulator simulator}; everything else
 * is a finding.
 */
@NullMarked
package io.tiphys.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
