/** Brings input artifacts and the script to where main will find them. */
@NullMarked
package io.tiphys.executor.stage;

import org.jspecify.annotations.NullMarked;
