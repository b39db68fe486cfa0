@NullMarked
package io.tiphys.expression;

import org.jspecify.annotations.NullMarked;
