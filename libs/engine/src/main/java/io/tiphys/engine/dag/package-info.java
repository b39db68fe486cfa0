/**
 * Dag templates: tasks start when the last dependency that they name is done and their condition holds, the dag's phase
 * is decided over branches. A task waits on a counter; its condition is evaluated once.
 * Knows no pods and no step groups.
 */
@NullMarked
package io.tiphys.engine.dag;

import org.jspecify.annotations.NullMarked;
