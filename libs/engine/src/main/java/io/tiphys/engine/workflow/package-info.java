/**
 * The workflow as a whole: start, entry template, deadline, shutdown, its own hooks and exit handler, and the end with its
 * phase and message.
 * Knows one node by name, the entry; what is below it is others' business.
 */
@NullMarked
package io.tiphys.engine.workflow;

import org.jspecify.annotations.NullMarked;
