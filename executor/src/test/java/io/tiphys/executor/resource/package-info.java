@NullMarked
package io.tiphys.executor.resource;

import org.jspecify.annotations.NullMarked;
