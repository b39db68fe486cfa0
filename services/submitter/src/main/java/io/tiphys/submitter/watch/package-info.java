/** One shared watch of the Workflows, and its many readers. */
@NullMarked
package io.tiphys.submitter.watch;

import org.jspecify.annotations.NullMarked;
