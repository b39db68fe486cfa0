/**
 * The whole system as a user has it: {@code ./tiphys up}, manifests, {@code ./tiphys down}.
 *
 * <p>Knows only the command line, its exit codes and its output, and the files under {@code TIPHYS_HOME}; no class of the
 * services. One system is started for all test classes of the run.
 */
@NullMarked
package io.tiphys.e2e;

import org.jspecify.annotations.NullMarked;
