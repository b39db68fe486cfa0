/** Objects and uploads in an artifact repository that no workflow knows any more. Knows stores, workflows and the archive, and no HTTP. */
@NullMarked
package io.tiphys.artifactgc.orphan;

import org.jspecify.annotations.NullMarked;
