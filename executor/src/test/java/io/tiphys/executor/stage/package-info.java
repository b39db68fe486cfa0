@NullMarked
package io.tiphys.executor.stage;

import org.jspecify.annotations.NullMarked;
