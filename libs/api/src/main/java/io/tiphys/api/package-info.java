@NullMarked
package io.tiphys.api;

import org.jspecify.annotations.NullMarked;
