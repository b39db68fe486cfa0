package io.tiphys.controller.archive;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.NodeStatus;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Where large specs and the nodes of large statuses are read from. Blocking. */
public interface Archive {
    /**
     * The JSON with this hash that was stored for the namespace; empty if the archive hasn't got it.
     *
     * @throws IOException if the archive can't be asked now
     * @throws IllegalArgumentException if what it has isn't what the hash says
     */
    Optional<JsonNode> json(String namespace, String hash) throws IOException, InterruptedException;

    /** As {@link #json}, of nodes by their ids. */
    Optional<Map<String, NodeStatus>> nodes(String namespace, String hash) throws IOException, InterruptedException;

    /**
     * The newest state of each node of a workflow, by id; empty if the archive knows none.
     *
     * @throws IOException if the archive can't be asked now
     * @throws IllegalArgumentException if what it has are no nodes
     */
    Optional<Map<String, NodeStatus>> nodes(String workflowUid) throws IOException, InterruptedException;
}
