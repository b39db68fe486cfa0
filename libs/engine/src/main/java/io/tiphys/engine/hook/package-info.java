/**
 * Lifecycle hooks and exit handlers of steps and tasks: templates that run once when an expression becomes true, or when
 * the node has ended. A node settles, that is lets its parent go on, only when its hooks are done.
 * The workflow's own hooks are {@code engine.workflow}'s.
 */
@NullMarked
package io.tiphys.engine.hook;

import org.jspecify.annotations.NullMarked;
