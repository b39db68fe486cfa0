@NullMarked
package io.tiphys.local.system;

import org.jspecify.annotations.NullMarked;
