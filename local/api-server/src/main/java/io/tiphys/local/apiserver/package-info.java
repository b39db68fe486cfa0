@NullMarked
package io.tiphys.local.apiserver;

import org.jspecify.annotations.NullMarked;
