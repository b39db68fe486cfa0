/**
 * Taking a finished workflow up again: which nodes are forgotten, which are opened again, which pods must go. What
 * succeeded stays.
 */
@NullMarked
package io.tiphys.engine.rerun;

import org.jspecify.annotations.NullMarked;
