/**
 * Coordinates transfers between pods and object storage: checks capabilities, plans and signs, remembers upload sessions, verifies what was
 * stored, and hands task results to the controller. No artifact's bytes pass through it.
 */
@NullMarked
package io.tiphys.uploader;

import org.jspecify.annotations.NullMarked;
