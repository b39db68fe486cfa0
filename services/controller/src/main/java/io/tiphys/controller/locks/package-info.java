/**
 * Mutexes, semaphores and limits of parallelism between workflows, on the topic {@code tiphys.locks}: every replica follows
 * it, the owner of shard 0 decides. See docs/decisions/0004-locks.md.
 */
@NullMarked
package io.tiphys.controller.locks;

import org.jspecify.annotations.NullMarked;
