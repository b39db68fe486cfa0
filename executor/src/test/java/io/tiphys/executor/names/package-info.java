@NullMarked
package io.tiphys.executor.names;

import org.jspecify.annotations.NullMarked;
