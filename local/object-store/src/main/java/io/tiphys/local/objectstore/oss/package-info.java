/** The OSS protocol: which request means what, its signatures, its XML, its errors. */
@NullMarked
package io.tiphys.local.objectstore.oss;

import org.jspecify.annotations.NullMarked;
