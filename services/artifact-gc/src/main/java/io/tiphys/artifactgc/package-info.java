@NullMarked
package io.tiphys.artifactgc;

import org.jspecify.annotations.NullMarked;
