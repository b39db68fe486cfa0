/** Waiting, with a word about it, for what the submitter needs. */
@NullMarked
package io.tiphys.submitter.startup;

import org.jspecify.annotations.NullMarked;
