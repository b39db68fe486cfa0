@NullMarked
package io.tiphys.executor.agent;

import org.jspecify.annotations.NullMarked;
