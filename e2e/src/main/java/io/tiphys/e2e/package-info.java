@NullMarked
package io.tiphys.e2e;

import org.jspecify.annotations.NullMarked;
