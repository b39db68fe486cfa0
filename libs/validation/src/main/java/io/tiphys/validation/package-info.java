/**
 * Says what is wrong with a manifest: spec in, problems with field paths and lines out, all at once. Accepts what Argo accepts;
 * what Argo would accept though it can't work is a warning.
 *
 * <p>Entry: {@link io.tiphys.validation.Validator}. {@code lint} reads manifests as they were written (unknown fields, wrong
 * types and doubled keys are problems) and lets arguments be missing; {@code validate} takes an object about to run. Templates
 * of other objects come from a {@link io.tiphys.validation.TemplateLookup}; the package does no I/O and reads no clock.
 */
@NullMarked
package io.tiphys.validation;

import org.jspecify.annotations.NullMarked;
