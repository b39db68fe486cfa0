/** Settings of the archive. */
@NullMarked
package io.tiphys.archive.config;

import org.jspecify.annotations.NullMarked;
