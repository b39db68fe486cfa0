@NullMarked
package io.tiphys.engine;

import org.jspecify.annotations.NullMarked;
