/**
 * Retries: whether a failed attempt is followed by another, and when. Policy, expression, limit, backoff and the limit of
 * the whole duration, in Argo's order, with Argo's messages.
 * Knows nothing of what an attempt does.
 */
@NullMarked
package io.tiphys.engine.retry;

import org.jspecify.annotations.NullMarked;
