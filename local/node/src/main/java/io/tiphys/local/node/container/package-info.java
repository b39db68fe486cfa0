/** Starting, signalling and awaiting containers: the Java side of the C program {@code container}. Knows no pods. */
@NullMarked
package io.tiphys.local.node.container;

import org.jspecify.annotations.NullMarked;
