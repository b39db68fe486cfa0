@NullMarked
package io.tiphys.testkit;

import org.jspecify.annotations.NullMarked;
