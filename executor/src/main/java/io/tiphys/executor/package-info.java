@NullMarked
package io.tiphys.executor;

import org.jspecify.annotations.NullMarked;
