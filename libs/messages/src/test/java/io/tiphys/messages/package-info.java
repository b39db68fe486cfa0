@NullMarked
package io.tiphys.messages;

import org.jspecify.annotations.NullMarked;
