/**
 * archive: the history of workflows and their nodes in Postgres, and answers to questions about it.
 *
 * <p>Nodes come from {@code tiphys.node-changes}, workflows from {@code tiphys.workflow-events}; both are written idempotently,
 * and an offset is committed only after the transaction. Nothing here changes what a workflow does.
 */
@NullMarked
package io.tiphys.archive;

import org.jspecify.annotations.NullMarked;
