@NullMarked
package io.tiphys.transfer;

import org.jspecify.annotations.NullMarked;
