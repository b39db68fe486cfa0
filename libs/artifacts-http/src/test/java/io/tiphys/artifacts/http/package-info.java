@NullMarked
package io.tiphys.artifacts.http;

import org.jspecify.annotations.NullMarked;
