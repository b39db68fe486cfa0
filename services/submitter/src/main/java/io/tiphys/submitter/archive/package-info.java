/** What the archive service knows about finished workflows, over its HTTP. */
@NullMarked
package io.tiphys.submitter.archive;

import org.jspecify.annotations.NullMarked;
