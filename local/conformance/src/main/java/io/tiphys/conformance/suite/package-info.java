/** What cases are and what they expect: their folder, needs, actions, and the comparison with what was seen. Knows no system. */
@NullMarked
package io.tiphys.conformance.suite;

import org.jspecify.annotations.NullMarked;
