/** Git repositories as input artifacts, through JGit. */
@NullMarked
package io.tiphys.artifacts.git;

import org.jspecify.annotations.NullMarked;
