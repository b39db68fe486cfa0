/** What it costs to move artifacts: one class per row of the table that {@code ./tiphys bench artifacts} prints. */
package io.tiphys.bench.artifacts;
