@NullMarked
package io.tiphys.local.objectstore;

import org.jspecify.annotations.NullMarked;
