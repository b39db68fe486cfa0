@NullMarked
package io.tiphys.engine.locks;

import org.jspecify.annotations.NullMarked;
