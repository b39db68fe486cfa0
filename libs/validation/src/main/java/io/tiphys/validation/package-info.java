@NullMarked
package io.tiphys.validation;

import org.jspecify.annotations.NullMarked;
