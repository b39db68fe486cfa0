@NullMarked
package io.tiphys.bench;

import org.jspecify.annotations.NullMarked;
