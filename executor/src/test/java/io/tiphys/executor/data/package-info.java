@NullMarked
package io.tiphys.executor.data;

import org.jspecify.annotations.NullMarked;
