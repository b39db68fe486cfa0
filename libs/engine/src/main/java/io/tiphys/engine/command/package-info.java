/**
 * Routing: which machine an input or an entry of the work list is for. Decides nothing itself but what concerns many nodes
 * at once: shutdown, deadline, selectors.
 */
@NullMarked
package io.tiphys.engine.command;

import org.jspecify.annotations.NullMarked;
