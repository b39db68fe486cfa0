/** Logs of a workflow's pods, live or from the object store. */
@NullMarked
package io.tiphys.submitter.log;

import org.jspecify.annotations.NullMarked;
