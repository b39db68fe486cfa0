@NullMarked
package io.tiphys.pods;

import org.jspecify.annotations.NullMarked;
