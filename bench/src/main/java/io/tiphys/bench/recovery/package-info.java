/** Benchmarks of many controllers, of what happens when they die, and of a system whose parts are killed all the time. */
@NullMarked
package io.tiphys.bench.recovery;

import org.jspecify.annotations.NullMarked;
