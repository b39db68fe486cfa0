@NullMarked
package io.tiphys.executor.emissary;

import org.jspecify.annotations.NullMarked;
