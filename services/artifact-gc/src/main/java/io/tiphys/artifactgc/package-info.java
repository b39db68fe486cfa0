/**
 * artifact-gc: deletes from object storage what a workflow's own policy says may go (Argo's {@code artifactGC}).
 *
 * <p>Level-triggered: events only say which workflow to look at; what to do follows from the Workflow object alone, so an
 * event that comes twice, late or never (a sweep finds those) makes no difference.
 */
@NullMarked
package io.tiphys.artifactgc;

import org.jspecify.annotations.NullMarked;
