/** Reads what main left behind and sends it to object storage and to the uploader. */
@NullMarked
package io.tiphys.executor.save;

import org.jspecify.annotations.NullMarked;
