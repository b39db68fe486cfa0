@NullMarked
package io.tiphys.artifacts.azure;

import org.jspecify.annotations.NullMarked;
