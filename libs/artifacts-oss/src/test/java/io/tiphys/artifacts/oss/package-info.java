@NullMarked
package io.tiphys.artifacts.oss;

import org.jspecify.annotations.NullMarked;
