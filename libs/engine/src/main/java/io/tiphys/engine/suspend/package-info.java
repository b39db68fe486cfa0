/**
 * Suspend templates: nodes that wait for a time or for somebody, and whose outputs somebody supplies.
 */
@NullMarked
package io.tiphys.engine.suspend;

import org.jspecify.annotations.NullMarked;
