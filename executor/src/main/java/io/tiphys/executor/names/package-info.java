/** Names of files as Linux has them: bytes, mostly but not always UTF-8. */
@NullMarked
package io.tiphys.executor.names;

import org.jspecify.annotations.NullMarked;
