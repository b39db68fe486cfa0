@NullMarked
package io.tiphys.executor.http;

import org.jspecify.annotations.NullMarked;
