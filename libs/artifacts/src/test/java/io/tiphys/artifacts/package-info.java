@NullMarked
package io.tiphys.artifacts;

import org.jspecify.annotations.NullMarked;
