@NullMarked
package io.tiphys.controller.lifecycle;

import org.jspecify.annotations.NullMarked;
