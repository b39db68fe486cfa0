@NullMarked
package io.tiphys.controller.cache;

import org.jspecify.annotations.NullMarked;
