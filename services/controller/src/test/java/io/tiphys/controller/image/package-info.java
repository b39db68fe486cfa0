@NullMarked
package io.tiphys.controller.image;

import org.jspecify.annotations.NullMarked;
