@NullMarked
package io.tiphys.artifacts.plugin;

import org.jspecify.annotations.NullMarked;
