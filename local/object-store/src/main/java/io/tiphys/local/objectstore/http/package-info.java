/** A small HTTP/1.1 server on virtual threads: streamed bodies both ways, {@code Expect: 100-continue}, sendfile. Knows nothing of OSS. */
@NullMarked
package io.tiphys.local.objectstore.http;

import org.jspecify.annotations.NullMarked;
