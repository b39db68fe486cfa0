/** Buckets, objects and uploads: an index in memory, journalled to a file, and content in files whose names never come from a key. Knows no HTTP. */
@NullMarked
package io.tiphys.local.objectstore.storage;

import org.jspecify.annotations.NullMarked;
