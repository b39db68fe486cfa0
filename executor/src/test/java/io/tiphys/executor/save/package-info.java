@NullMarked
package io.tiphys.executor.save;

import org.jspecify.annotations.NullMarked;
