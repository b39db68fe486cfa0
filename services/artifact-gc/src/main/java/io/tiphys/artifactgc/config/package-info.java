/** The settings of this service. */
@NullMarked
package io.tiphys.artifactgc.config;

import org.jspecify.annotations.NullMarked;
