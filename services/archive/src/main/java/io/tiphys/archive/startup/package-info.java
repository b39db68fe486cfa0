/** Waiting, with a word about it, for what the archive needs. */
@NullMarked
package io.tiphys.archive.startup;

import org.jspecify.annotations.NullMarked;
