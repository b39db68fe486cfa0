/** Settings of the submitter. */
@NullMarked
package io.tiphys.submitter.config;

import org.jspecify.annotations.NullMarked;
