@NullMarked
package io.tiphys.controller.shard;

import org.jspecify.annotations.NullMarked;
