/** Speaks HTTP to the uploader and to object storage; the one place for retries and timeouts. */
@NullMarked
package io.tiphys.executor.http;

import org.jspecify.annotations.NullMarked;
