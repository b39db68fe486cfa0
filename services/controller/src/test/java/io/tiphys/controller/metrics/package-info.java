@NullMarked
package io.tiphys.controller.metrics;

import org.jspecify.annotations.NullMarked;
