/** Speaks to emissary, the program beside the user's command, over its unix socket: files as main sees them, the end of the command. */
@NullMarked
package io.tiphys.executor.emissary;

import org.jspecify.annotations.NullMarked;
