@NullMarked
package io.tiphys.controller.journal;

import org.jspecify.annotations.NullMarked;
