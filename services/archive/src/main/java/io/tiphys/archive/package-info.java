@NullMarked
package io.tiphys.archive;

import org.jspecify.annotations.NullMarked;
