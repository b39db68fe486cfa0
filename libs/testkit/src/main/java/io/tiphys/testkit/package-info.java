/**
 * Scenarios: a workflow, what happens to its pods, and what must be so then, in a few lines. A fake clock, fake pods, and
 * a journal; every scenario is also replayed from its events, restored from its records and resynced, and must come out
 * the same. Tests only.
 */
@NullMarked
package io.tiphys.testkit;

import org.jspecify.annotations.NullMarked;
