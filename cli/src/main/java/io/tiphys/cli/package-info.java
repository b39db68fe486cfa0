@NullMarked
package io.tiphys.cli;

import org.jspecify.annotations.NullMarked;
