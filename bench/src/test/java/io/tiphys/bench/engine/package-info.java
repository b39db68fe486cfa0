@NullMarked
package io.tiphys.bench.engine;

import org.jspecify.annotations.NullMarked;
