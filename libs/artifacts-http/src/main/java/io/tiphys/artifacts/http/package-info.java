/** Files behind URLs: the location kinds {@code http}, {@code artifactory} and {@code raw}. */
@NullMarked
package io.tiphys.artifacts.http;

import org.jspecify.annotations.NullMarked;
