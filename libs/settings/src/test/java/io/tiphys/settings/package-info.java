@NullMarked
package io.tiphys.settings;

import org.jspecify.annotations.NullMarked;
