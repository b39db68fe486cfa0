@NullMarked
package io.tiphys.cluster;

import org.jspecify.annotations.NullMarked;
