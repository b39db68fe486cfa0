@NullMarked
package io.tiphys.controller.ownership;

import org.jspecify.annotations.NullMarked;
