/** Shards: which ones this replica owns, and one event loop for each, the single writer of its workflows. */
@NullMarked
package io.tiphys.controller.shard;

import org.jspecify.annotations.NullMarked;
