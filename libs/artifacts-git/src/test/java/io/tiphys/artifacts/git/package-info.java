@NullMarked
package io.tiphys.artifacts.git;

import org.jspecify.annotations.NullMarked;
