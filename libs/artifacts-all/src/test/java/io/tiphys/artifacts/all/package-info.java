@NullMarked
package io.tiphys.artifacts.all;

import org.jspecify.annotations.NullMarked;
