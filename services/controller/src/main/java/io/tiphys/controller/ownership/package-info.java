/** Which shards this replica owns, and how sure it is of that: membership of the consumer group of controllers. */
@NullMarked
package io.tiphys.controller.ownership;

import org.jspecify.annotations.NullMarked;
