@NullMarked
package io.tiphys.local.node;

import org.jspecify.annotations.NullMarked;
